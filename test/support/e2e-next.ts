/** Builds and starts applications of Next.js, and calls their server actions as browsers do. */
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, inject } from 'vitest';
import type { ReplayStackEvent } from '../../runtime/protocol.ts';
import type { SourceFrame } from './e2e-event.ts';
import { createProject, positionOf, type Project } from './e2e-project.ts';
import { run, type Service, startService } from './e2e-service.ts';

export const NEXT = 'node_modules/next/dist/bin/next';
const quiet = {
  NEXT_TELEMETRY_DISABLED: '1',
  // Otherwise each build makes one, and ids of actions by it.
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: Buffer.alloc(32, 'key').toString('base64'),
};

export interface NextBuild {
  project: Project;
  /** What the build said. */
  printed: string;
}

/** Turbopack follows no link out of the project: what is installed must lie in it. */
export function installNext(project: Project): void {
  const modules = project.path('node_modules');
  rmSync(modules, { force: true });
  execFileSync('cp', ['-a', resolve('fixtures/apps/next/node_modules'), modules]);
  for (const name of ['unplugin-replaystack', 'undici']) {
    cpSync(join(inject('workspace'), 'node_modules', name), join(modules, name), {
      recursive: true,
      dereference: true,
    });
  }
}

/** @param app its folder under fixtures/apps; all of them have what `next` has installed */
export async function buildNext(
  app: string,
  bundler: string,
  environment: Record<string, string> = {},
): Promise<NextBuild> {
  const project = createProject(`apps/${app}`);
  installNext(project);
  // From elsewhere, as workspaces do.
  const args = [project.path(NEXT), 'build', project.dir, `--${bundler}`];
  const { code, stdout, stderr } = await run(dirname(project.dir), args, { ...quiet, ...environment });
  if (code !== 0) throw new Error(stdout + stderr);
  return { project, printed: stdout };
}

export const startNext = (project: Project, environment: Record<string, string> = {}): Promise<Service> =>
  startService(project.dir, [NEXT, 'start', '-p', '0', '-H', '127.0.0.1'], { ...quiet, ...environment });

/** What is rendered when: the table that the build prints. */
export function routeTable(printed: string): string[] {
  return printed.split('\n').filter((line) => /^\s*[┌├└│─ƒ○●◐]/.test(line));
}

/** The scripts that browsers are sent, as one text each. */
export function browserScripts(project: Project): string[] {
  const directory = project.path('.next/static/chunks');
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.js'),
  );
  return names.map((name) => readFileSync(join(directory, name), 'utf8')).sort();
}

/** Scripts of the server that have a map, without the id that both have. */
export function unidentified(project: Project): string[] {
  const directory = project.path('.next/server');
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => {
    if (!name.endsWith('.js') || !names.includes(`${name}.map`)) return false;
    const [script, map] = [name, `${name}.map`].map((one) => readFileSync(join(directory, one), 'utf8'));
    const [, id] = /^\/\/# debugId=(\S+)$/m.exec(script ?? '') ?? [];
    return id === undefined || id !== (JSON.parse(map ?? '') as { debugId?: string }).debugId;
  });
}

/** By the names of server actions, the part of their ids that says which arguments they take. */
export function argumentMasks(project: Project): Record<string, string> {
  const file = project.path('.next/server/server-reference-manifest.json');
  const { node } = JSON.parse(readFileSync(file, 'utf8')) as {
    node: Record<string, { exportedName: string }>;
  };
  const masks = Object.entries(node).map(([id, { exportedName }]) => [exportedName, id.slice(0, 2)]);
  return Object.fromEntries(masks) as Record<string, string>;
}

/** Frames of the application, at their exact place. */
export function checkOwnFrames(
  project: Project,
  event: ReplayStackEvent,
  expected: readonly SourceFrame[],
): void {
  const own = (event.stackFrames ?? []).filter(({ fileName }) => /^(?:app|lib|pages)\//.test(fileName ?? ''));
  expect(own.map(({ fileName, lineNumber, columnNumber }) => [fileName, lineNumber, columnNumber])).toEqual(
    expected.map(({ file, at }) => {
      const { line, column } = positionOf(project, file, at);
      return [file, line, column];
    }),
  );
  for (const [index, { functionName }] of expected.entries()) {
    if (functionName !== undefined) expect(own[index]?.functionName).toBe(functionName);
  }
}

/** Sends a form of a page, by the id that it has there. */
type Submit = (
  project: Project,
  url: string,
  form: string,
  fields: Record<string, string>,
  traceId: string,
) => Promise<Response>;

/** The fields of a form that React has hidden in it. */
async function hiddenFields(url: string, form: string): Promise<Record<string, string>> {
  const page = await (await fetch(url)).text();
  const [, html = ''] = new RegExp(`<form[^>]*id="${form}"[^>]*>(.*?)</form>`, 's').exec(page) ?? [];
  const inputs = html.matchAll(/type="hidden" name="([^"]*)"(?: value="([^"]*)")?/g);
  const unescape = (text: string): string => text.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, unescape(value)]));
}

function formData(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

/** As a browser does in which no script has run yet. */
export const submitForm: Submit = async (_, url, form, fields, traceId) =>
  fetch(url, {
    method: 'POST',
    body: formData({ ...(await hiddenFields(url, form)), ...fields }),
    headers: { origin: new URL(url).origin, 'x-trace-id': traceId },
    redirect: 'manual',
  });

/** As React does by script: the action's id in a header, and the arguments, those it is bound to first, in its own encoding. */
export const callAction: Submit = async (project, url, form, fields, traceId) => {
  const { encodeReply } = project.require('next/dist/compiled/react-server-dom-webpack/client.node') as {
    encodeReply(args: unknown[]): Promise<FormData | string>;
  };
  const hidden = await hiddenFields(url, form);
  const { id, bound } = actionOf(hidden);
  return fetch(url, {
    method: 'POST',
    body: await encodeReply([...bound, formData(fields)]),
    headers: {
      origin: new URL(url).origin,
      accept: 'text/x-component',
      'next-action': id,
      'x-trace-id': traceId,
    },
    redirect: 'manual',
  });
};

/** `$ACTION_ID_<id>` of a plain one; of one that is bound `$ACTION_1:0` has the id, and those after it the arguments. */
function actionOf(hidden: Record<string, string>): { id: string; bound: unknown[] } {
  const [, prefix, plain] = /(\$ACTION_\d+:)0|\$ACTION_ID_(\w+)/.exec(Object.keys(hidden).join()) ?? [];
  if (prefix === undefined) return { id: plain ?? '', bound: [] };
  const part = (index: string): unknown => JSON.parse(hidden[prefix + index] ?? 'null');
  const { id } = part('0') as { id: string };
  // What a component had in its hands was encrypted, and is a promise to the browser.
  const bound = (part('1') as unknown[]).map((value) => {
    const [, index] = /^\$@(\d+)$/.exec(String(value)) ?? [];
    return index === undefined ? value : Promise.resolve(part(index));
  });
  return { id, bound };
}
