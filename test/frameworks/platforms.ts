/** What runs fixtures/apps/platforms: binaries, as packages of npm carry them for Linux on x64. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import type { FrameworkCase } from '../support/e2e-application.ts';
import { outline } from '../support/e2e-event.ts';

const modules = new URL('../../fixtures/apps/platforms/node_modules/', import.meta.url);

function binary(path: string): string {
  return fileURLToPath(new URL(path, modules));
}

export const binaries: Readonly<Record<'bun' | 'deno', string>> = {
  bun: binary('@oven/bun-linux-x64/bin/bun'),
  deno: binary('@deno/linux-x64-glibc/deno'),
};

/** Tests that are left out, and shown to be, on a machine that npm has no such binary for. */
export function describeWith(name: keyof typeof binaries, tests: () => void): void {
  describe.runIf(existsSync(binaries[name]))(name, tests);
}

/** Requests that all end in an error, each in its own. */
export const checkConcurrent: FrameworkCase['concurrent'] = {
  path: (id) => `/sorry/${id}`,
  check({ errorMessage, metadata, breadcrumbs }, id) {
    expect(errorMessage).toBe(`There is no note ${id}`);
    expect(metadata).toMatchObject({ handled: true, trail: [{ arguments: { id } }] });
    expect(outline(breadcrumbs)).toContain('read!');
  },
};
