/** The binaries of the platforms, as packages of npm carry them for Linux on x64. */
import { fileURLToPath } from 'node:url';

const modules = new URL('./node_modules/', import.meta.url);

function binary(path: string): string {
  return fileURLToPath(new URL(path, modules));
}

/** Versions of Node that the package supports, by what they are called here. */
export const nodes: Record<string, string> = {
  'Node 20': binary('node20/bin/node'),
  'Node 22': binary('node22/bin/node'),
  'Node 24': binary('node24/bin/node'),
  'Node 26': binary('node26/bin/node'),
};

export const bun: string = binary('@oven/bun-linux-x64/bin/bun');
export const deno: string = binary('@deno/linux-x64-glibc/deno');
