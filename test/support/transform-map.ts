/** Whether a map leads from each identifier of a module to where it is in the transformed text, and back. */
import { parse } from '@babel/parser';
import type { ParserPlugin } from '@babel/parser';
import { decodedMappings, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { SourceMap } from 'magic-string';

interface Token {
  type: { label?: string; keyword?: string };
  value?: string;
  loc: { start: { line: number; column: number } };
}

/** The identifiers that the map does not place exactly, as `name line:column`. */
export function misplacedIdentifiers(
  input: string,
  file: string,
  code: string,
  map: SourceMap | undefined,
): string[] {
  if (map === undefined) return ['no map'];
  const trace = new TraceMap(map as never);
  const lines = code.split('\n');
  const generated = new Map<string, [number, number]>();
  decodedMappings(trace).forEach((segments, line) => {
    for (const segment of segments) {
      if (segment.length > 1) generated.set(`${Number(segment[2]) + 1}:${segment[3]}`, [line, segment[0]]);
    }
  });
  return identifiers(input, file).flatMap(({ value, loc: { start } }) => {
    const name = String(value);
    const place = `${name} ${start.line}:${start.column}`;
    const [line, column] = generated.get(`${start.line}:${start.column}`) ?? [-1, -1];
    const back = line < 0 ? undefined : originalPositionFor(trace, { line: line + 1, column });
    const isExact =
      lines[line]?.startsWith(name, column) &&
      line + 1 === start.line &&
      back?.line === start.line &&
      back.column === start.column &&
      back.source === `/project/${file}`;
    return isExact ? [] : [place];
  });
}

function identifiers(input: string, file: string): Token[] {
  const isTypeScript = /\.[cm]?tsx?$/.test(file);
  const common: ParserPlugin[] = [
    ...(isTypeScript ? (['typescript'] as const) : []),
    ...(/\.[cm]?ts$/.test(file) ? [] : (['jsx'] as const)),
    'decoratorAutoAccessors',
    'explicitResourceManagement',
  ];
  for (const decorators of ['decorators-legacy', 'decorators'] as const) {
    try {
      const { tokens } = parse(input, {
        sourceType: 'unambiguous',
        allowReturnOutsideFunction: true,
        tokens: true,
        plugins: [...common, decorators],
      });
      // Escapes make an identifier's text longer than its name.
      return (tokens as Token[]).filter(({ type }) => type.label === 'name' && !input.includes('\\u'));
    } catch {
      // The other kind, then.
    }
  }
  return [];
}
