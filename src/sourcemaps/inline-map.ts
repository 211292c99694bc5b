/** Maps that travel inside the code: those that a module comes with, and those that a later step reads nowhere else. */
import remapping from '@jridgewell/remapping';
import type { SourceMap } from 'magic-string';

/** What comes out of a step. */
export interface MappedCode {
  code: string;
  map: SourceMap;
}

const INLINE: RegExp =
  /^\/\/[#@] sourceMappingURL=data:application\/json[^,\n]*?(;base64)?,([^\s]+)[ \t]*$/gm;

/**
 * Takes up the map that a module brought along, for a step that only looks at the map of its own: positions then lead to what
 * the module was made from. A map that cannot be read is passed over.
 */
export function composeWithInlineMap(original: string, output: MappedCode): MappedCode {
  try {
    const inline = readInlineMap(original);
    if (inline === undefined) return output;
    let taken = false;
    const map = remapping(output.map as never, () => {
      if (taken) return null;
      taken = true;
      return inline.map as never;
    });
    return { code: output.code.replace(inline.comment, ''), map: map as unknown as SourceMap };
  } catch {
    return output;
  }
}

/**
 * The map that a text brings along, and the comment that it is in.
 *
 * @throws SyntaxError if it is no JSON
 */
export function readInlineMap(code: string): { map: unknown; comment: string } | undefined {
  if (!code.includes('sourceMappingURL=data:')) return undefined;
  const last = [...code.matchAll(INLINE)].at(-1);
  if (last === undefined) return undefined;
  const [comment, base64, data = ''] = last;
  const json = base64 ? Buffer.from(data, 'base64').toString() : decodeURIComponent(data);
  return { map: JSON.parse(json) as unknown, comment };
}

/** Takes out a map that the module brought along, and that does not fit it any more: a later step might read it. */
export function withoutInlineMap({ code, map }: MappedCode): MappedCode {
  return { code: code.includes('sourceMappingURL=data:') ? code.replace(INLINE, '') : code, map };
}

/** Puts the map into the code, for a step that takes it from there alone. */
export function withInlineMap({ code, map }: MappedCode): MappedCode {
  const data = Buffer.from(JSON.stringify(map)).toString('base64');
  return { code: `${code}\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${data}`, map };
}
