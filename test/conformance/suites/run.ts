/** Runs a package's own tests with the runner that it uses itself, and writes down what became of each of them. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';
import { cleanEnvironment } from '../../support/e2e-project.ts';
import type { Suite } from './suites.ts';
import { readTap } from './tap.ts';
import type { Workspace } from './workspace.ts';

/** Verdicts by the full names of tests: `pass`, `skip`, or what went wrong. */
export type Verdicts = Map<string, string>;

/** As a runner tells it. */
export interface TestResult {
  file: string;
  /** Its name behind those of what it is part of. */
  path: string[];
  verdict: string;
  why?: string;
}

const reporter = fileURLToPath(new URL('reporter.js', import.meta.url));
const vitestConfig = fileURLToPath(new URL('vitest.ts', import.meta.url));

const MINUTES = 15;

/** Test files of a package, relative to it. */
export function filesOf(workspace: Workspace, { name, files }: Suite): string[] {
  return globSync([...files], { cwd: workspace.packageOf(name), ignore: ['**/node_modules/**'] }).sort();
}

/**
 * @param files of the suite's
 * @param environment that is there beside what each developer's has
 */
export async function runSuite(
  workspace: Workspace,
  suite: Suite,
  files: readonly string[],
  environment: Record<string, string>,
): Promise<Verdicts> {
  const cwd = workspace.packageOf(suite.name);
  const found = join(mkdtempSync(join(workspace.directory, 'found-')), 'results');
  const run = (...args: string[]): Promise<string> =>
    runNode([...(suite.flags ?? []), ...args], cwd, cleanEnvironment(environment));
  const results = await runners[suite.runner](run, files, found, workspace);
  return named(results, workspace.directory);
}

type Runner = (
  run: (...args: string[]) => Promise<string>,
  files: readonly string[],
  /** Where it may write. */
  found: string,
  workspace: Workspace,
) => Promise<TestResult[]>;

const runners: Record<Suite['runner'], Runner> = {
  async node(run, files, found) {
    const report = [`--test-reporter=${reporter}`, `--test-reporter-destination=${found}`];
    await run('--test', '--test-concurrency=2', '--test-timeout=60000', ...report, ...files);
    return linesOf(found).map((line) => JSON.parse(line) as TestResult);
  },
  async tape(run, files) {
    const results: TestResult[] = [];
    for (const file of files) results.push(...readTap(await run(file), file));
    return results;
  },
  async vitest(run, files, found, { directory }) {
    const vitest = join(directory, '../../node_modules/vitest/vitest.mjs');
    const report = ['--reporter=json', `--outputFile=${found}`];
    await run(vitest, 'run', '--config', vitestConfig, '--root', '.', ...report, ...files);
    return linesOf(found).flatMap(readVitest);
  },
};

function linesOf(file: string): string[] {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return text.split('\n').filter((line) => line !== '');
}

/** What it printed, when it has ended. */
function runNode(args: readonly string[], cwd: string, env: Record<string, string>): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'ignore'] });
    const limit = setTimeout(() => child.kill('SIGKILL'), MINUTES * 60_000);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => void (output += text));
    child.on('close', () => {
      clearTimeout(limit);
      resolve(output);
    });
  });
}

interface VitestReport {
  testResults: {
    name: string;
    message?: string;
    status: string;
    assertionResults: {
      ancestorTitles: string[];
      title: string;
      status: string;
      failureMessages?: string[];
    }[];
  }[];
}

function readVitest(text: string): TestResult[] {
  const { testResults } = JSON.parse(text) as VitestReport;
  return testResults.flatMap(({ name, message, status, assertionResults }): TestResult[] => {
    if (assertionResults.length === 0) return [{ file: name, path: [], verdict: status, why: message ?? '' }];
    return assertionResults.map((test) => ({
      file: name,
      path: [...test.ancestorTitles, test.title],
      verdict: test.status,
      why: test.failureMessages?.join('\n') ?? '',
    }));
  });
}

/** Tests of one name are numbered. */
function named(results: readonly TestResult[], directory: string): Verdicts {
  const verdicts: Verdicts = new Map();
  for (const { file, path, verdict, why } of results) {
    const place = file.startsWith('/') ? relative(directory, file) : file;
    const name = [place, ...path].join(' › ').replaceAll(directory, '');
    let key = name;
    for (let nth = 2; verdicts.has(key); nth++) key = `${name} (${nth})`;
    verdicts.set(
      key,
      verdict.startsWith('pass') || !why ? verdict : `${verdict}: ${why.replaceAll(directory, '')}`,
    );
  }
  return verdicts;
}
