/** Maps of finished bundles, led on from what modules were rewritten to. */
import remapping from '@jridgewell/remapping';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { transformSync } from 'esbuild';
import MagicString from 'magic-string';
import { describe, expect, test } from 'vitest';
import type { Original } from '../../../src/sourcemaps/originals.ts';
import { mapToOriginals } from '../../../src/sourcemaps/originals.ts';

const text = 'export async function total(prices) {\n  return prices.reduce((a, b) => a + b);\n}\n';

/** With something before each `return` and at the end. */
function rewrite(source: string): Original {
  const rewritten = new MagicString(text);
  rewritten.appendLeft(text.indexOf('prices.reduce'), 'watch(call, ');
  rewritten.appendLeft(text.indexOf(';\n}'), ')');
  const map = rewritten.generateMap({ hires: 'boundary', source, includeContent: true });
  return { text, output: { code: rewritten.toString(), map } };
}

const original = rewrite('total.js');
const minified = transformSync(original.output.code, {
  minify: true,
  sourcemap: 'external',
  sourcefile: 'total.js',
});

function positions(map: string, code: string): string[] {
  const traced = new TraceMap(map);
  return ['reduce', '=>'].map((word) => {
    const column = code.indexOf(word);
    const { source, line, column: at } = originalPositionFor(traced, { line: 1, column });
    return `${source}:${line}:${at}`;
  });
}

describe('a map of a bundle', () => {
  test('leads to the original, as one that was composed on the way does', async () => {
    const led = await mapToOriginals(minified.map, async () => original);
    const ours = rewrite('total.source.js').output.map;
    const composed = remapping(minified.map, (file) => (file === 'total.js' ? (ours as never) : null));
    const expected = positions(composed.toString(), minified.code);
    expect(positions(led ?? '', minified.code)).toEqual(
      expected.map((position) => position.replace('.source', '')),
    );
    expect(positions(led ?? '', minified.code)[0]).toBe(`total.js:2:${'  return prices.'.length}`);
    expect(JSON.parse(led ?? '')).toMatchObject({ sourcesContent: [text] });
  });

  test('that is made of sections', async () => {
    const sections = [{ offset: { line: 0, column: 0 }, map: JSON.parse(minified.map) as object }];
    const led = await mapToOriginals(JSON.stringify({ version: 3, sections }), async () => original);
    const [section] = (JSON.parse(led ?? '') as { sections: { map: object }[] }).sections;
    expect(positions(JSON.stringify(section?.map), minified.code)[0]).toBe('total.js:2:16');
  });

  test('stays as it is where nothing was rewritten, or into something else', async () => {
    expect(await mapToOriginals(minified.map, async () => undefined)).toBeUndefined();
    const another = { text, output: { ...original.output, code: `${original.output.code} ` } };
    expect(await mapToOriginals(minified.map, async () => another)).toBeUndefined();
  });
});
