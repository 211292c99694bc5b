/** Modules that look as if there were something in them for us. They come back as nothing, not even as a copy. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root, transform } from '../../support/transform-fixtures.ts';

const directory = join(root, 'fixtures/untouched');

/** Those that do hold something, and why it is left alone all the same. */
const REASONS: Readonly<Record<string, string>> = {
  'a-client-component.tsx': "'use client': it runs in the browser",
  'a-generated-bundle.js': 'generated or minified code',
  'a-workflow.ts': "'use workflow': it may run elsewhere, or in another way",
  'an-ignored-file.ts': 'ignored by a pragma',
};

/** Those in which something goes by the name of an app, and is none: the report says that it was left alone. */
const NAMED: ReadonlySet<string> = new Set([
  'a-cache-with-get-and-a-callback.ts',
  'a-page-object.ts',
  'a-page-with-jquery.js',
  'a-test-with-supertest.js',
  'helpers-that-look-like-express.ts',
]);

describe('modules that stay as they are', () => {
  test.each(readdirSync(directory))('%s', async (file) => {
    const result = await transform(readFileSync(join(directory, file), 'utf8'), file);
    expect(result?.output).toBeUndefined();
    expect(result?.fileReason).toBe(REASONS[file]);
    expect(result?.targets ?? []).toEqual([]);
    expect(result?.problems ?? []).toEqual([]);
    expect(result?.skipped ?? []).toHaveLength(NAMED.has(file) ? 1 : 0);
    if (REASONS[file] === undefined && !NAMED.has(file)) expect(result).toBeUndefined();
  });
});
