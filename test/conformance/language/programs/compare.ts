/** Runs random programs as they are and instrumented: without a client, with one, and in a scope of it. */
import { transform as compile } from 'esbuild';
import { ACTIVE } from '../../../support/transform-workspace.ts';
import { transform } from '../../../support/transform-fixtures.ts';
import type { Child } from '../children.ts';
import { buildChild, startChild } from '../children.ts';
import { hookEverything } from '../hook-everything.ts';
import type { Module, Program } from './modules.ts';

export interface Runner {
  /** What a program logs, by the way it was run. */
  logs(program: Program): Promise<Record<string, string>>;
  counts: { programs: number; modules: number; functions: number; invalid: number; entries: number };
  end(): void;
}

export async function createRunner(): Promise<Runner> {
  const file = await buildChild('programs-child');
  const children: Record<string, Child> = {
    dormant: startChild(file, {}),
    awake: startChild(file, ACTIVE),
    scope: startChild(file, { ...ACTIVE, SCOPE: '1' }),
  };
  const counts = { programs: 0, modules: 0, functions: 0, invalid: 0, entries: 0 };
  const ask = async (way: string, modules: readonly Module[]): Promise<string> =>
    ((await children[way]?.ask<string[]>(modules)) ?? []).join('\n');
  return {
    counts,
    async logs({ modules, everything }) {
      const results = await Promise.all(
        modules.map(({ code, file }) => (everything ? hookEverything(code, file) : transform(code, file))),
      );
      const written = modules.map((module, index) => ({
        ...module,
        code: results[index]?.output?.code ?? module.code,
      }));
      const [original, instrumented] = await Promise.all([toJavaScript(modules), toJavaScript(written)]);
      counts.programs++;
      counts.modules += modules.length;
      for (const result of results) counts.functions += result?.targets.length ?? 0;
      const [before, awake, scope] = await Promise.all([
        ask('dormant', original),
        ask('awake', instrumented),
        ask('scope', instrumented),
      ]);
      const dormant = await ask('dormant', instrumented);
      counts.entries += before.split('\n').length;
      if (/^(failed|m\d\S* failed) SyntaxError/m.test(before)) counts.invalid++;
      return { before, dormant, awake, scope };
    },
    end: () => {
      for (const child of Object.values(children)) child.end();
    },
  };
}

/** What Node understands stays as it is. */
async function toJavaScript(modules: readonly Module[]): Promise<Module[]> {
  return Promise.all(
    modules.map(async ({ file, code }) => {
      if (!file.endsWith('.mts')) return { file, code };
      const tsconfigRaw = {
        compilerOptions: { experimentalDecorators: true, useDefineForClassFields: true },
      };
      try {
        const output = await compile(code, {
          loader: 'ts',
          target: 'node20',
          tsconfigRaw,
          logLevel: 'silent',
        });
        return { file: file.replace('.mts', '.mjs'), code: output.code };
      } catch (error) {
        return {
          file: file.replace('.mts', '.mjs'),
          code: `throw new SyntaxError(${JSON.stringify((error as Error).message.replaceAll(/:\d+:\d+:/g, ''))});`,
        };
      }
    }),
  );
}
