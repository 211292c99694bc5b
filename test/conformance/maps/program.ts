/**
 * Programs that fail at hundreds of places: each call goes through a few functions of any form, in any of the modules, to what
 * fails. Modules differ in their line ends, byte order marks, indentation, and in what they are written in.
 */
import fc from '../../support/properties.ts';
import {
  anonymous,
  asyncFailures,
  decoratorForms,
  failures,
  forms,
  jsxForms,
  noises,
  routeForms,
  type Written,
} from './forms.ts';

/** TypeScript with nothing but types to erase, or with JSX and decorators. */
export type Language = 'javascript' | 'types' | 'typescript';

export interface Program {
  /** Text by path. */
  files: Record<string, string>;
  /** The same for Node itself: types are blank, so that every position is that of the source. */
  truth: Record<string, string>;
  /** What the errors can be told by. */
  ids: string[];
}

interface Kind {
  name: string;
  forms: typeof forms;
  crlf?: true;
  bom?: true;
  tabs?: true;
  head?: string;
  /** There is more than types to it. */
  isCompiled?: true;
  extension?: 'x';
}

const JSX_HEAD = '/** @jsxRuntime classic */ /** @jsx h */ /** @jsxFrag Fragment */';

const ROUTES_HEAD =
  "import { Hono } from 'hono'; const app = new Hono().onError((error) => { throw error; }); /* 😀 */ ";

const kinds: readonly Kind[] = [
  { name: 'plain', forms },
  { name: 'windows', forms, crlf: true, tabs: true, head: '/* © Ada 😀 */' },
  { name: 'marked', forms, bom: true, head: "'use strict';" },
  { name: 'marked-windows', forms, bom: true, crlf: true },
  {
    name: 'markup',
    forms: { ...forms, ...jsxForms },
    tabs: true,
    head: JSX_HEAD,
    extension: 'x',
    isCompiled: true,
  },
  { name: 'decorated', forms: { ...forms, ...decoratorForms }, crlf: true, isCompiled: true },
  // Nothing is called in these but by the application itself.
  { name: 'routes', forms: routeForms, crlf: true, head: ROUTES_HEAD },
  { name: 'lazy', forms, tabs: true },
  { name: 'late', forms, bom: true },
];
const OUTER = 3;
const LAZY = 2;

const SHARED = `
export const nothing«: any» = (globalThis« as any»).nothing;
export const same = «<T>»(value«: T», ..._«: unknown[]»)«: any» => value;
export class Failing extends TypeError { constructor(message«: string») { super(message); Object.freeze(this); } }
export function raise(message«: string»)«: never» { throw new Error(message); }
export async function raisedLater(message«: string») { await null; return raise(message); }
export const rejected = async (message«: string»)«: Promise<never>» => { await null; const é = '😀'; throw new RangeError(message + é); };
export function raiseBecause(inner«: () => unknown», message«: string») { try { return inner(); } catch (cause) { throw new Error(message, { cause }« as any»); } }
export const Fragment = (props«: any») => props.children;
export function h(type«: any», props«: any», ...children«: unknown[]»)«: any» {
  return typeof type === 'function' ? type({ ...props, children }) : { type, props, children };
}
`;

const NAMES = 'nothing, same, Failing, raise, raisedLater, rejected, raiseBecause, Fragment, h';

/** One call: what fails, and the functions that it is called through, from the inside, each with its noise and its module. */
interface Route {
  failure: string;
  isAsync: boolean;
  steps: { form: number; noise: string; kind: number }[];
}

const step = fc.record({ form: fc.nat(), noise: fc.constantFrom(...noises), kind: fc.nat() });
const route: fc.Arbitrary<Route> = fc.record({
  failure: fc.constantFrom(...failures),
  isAsync: fc.constant(false),
  steps: fc.array(step, { minLength: 1, maxLength: 4 }),
});
const asyncRoute: fc.Arbitrary<Route> = fc.record({
  failure: fc.constantFrom(...asyncFailures),
  isAsync: fc.constant(true),
  steps: fc.array(step, { minLength: 1, maxLength: 4 }),
});

/** @param count how many places fail */
export function generate(language: Language, count: number, seed: number): Program {
  const own = kinds.filter(({ isCompiled }) => language === 'typescript' || isCompiled !== true);
  const routes = fc.sample(fc.oneof({ weight: 3, arbitrary: route }, { weight: 1, arbitrary: asyncRoute }), {
    numRuns: count,
    seed,
  });
  const modules = own.map((kind) => ({
    kind,
    texts: [] as string[],
    imports: [] as string[],
    calls: [] as string[],
  }));
  let names = 0;
  for (const [index, { failure, isAsync, steps }] of routes.entries()) {
    const id = idOf(index);
    let inner = { expression: failure.replaceAll('@', id), isAsync };
    let before: { module: (typeof modules)[number]; import: string } | undefined;
    for (const [position, { form, noise, kind }] of steps.entries()) {
      const isOutermost = position === steps.length - 1;
      const module = modules[
        kind % (isOutermost ? own.length : own.length - OUTER)
      ] as (typeof modules)[number];
      const chosen = Object.values(module.kind.forms);
      const written = chosen[form % chosen.length]?.(`f${names++}`, inner, noise) as Written;
      module.texts.push(isOutermost ? written.text : exported(written));
      if (before !== undefined && before.module !== module) module.imports.push(before.import);
      before = { module, import: `import { ${calledBy(written)} } from './${fileOf(module.kind)}';` };
      inner = { expression: written.call, isAsync: written.isAsync };
    }
    before?.module.calls.push(`  ['${id}', () => ${inner.expression}],\n`);
  }
  const texts: Record<string, string> = { 'shared.ts': SHARED, 'main.ts': mainOf(own) };
  for (const { kind, texts: declared, imports, calls } of modules) {
    const head = [kind.head ?? '', `import { ${NAMES} } from './shared.ts';`, ...imports].join('');
    const list = `export const calls«: [string, () => unknown][]» = [\n${calls.join('')}];\n`;
    texts[fileOf(kind)] = [head, ...declared, list].join('\n');
  }
  for (const [index, { text }] of anonymous.entries()) {
    const failing = text.replace('@', `raise('${nameless(index)}')`);
    texts[`anonymous-${index}.ts`] = `import { raise } from './shared.ts';\n${failing}\n`;
  }
  const ids = [...routes.map((_, index) => idOf(index)), ...anonymous.map((_, index) => nameless(index))];
  return { ...writeAll(texts, own, language), ids };
}

const idOf = (index: number): string => `id${index}_`;
const nameless = (index: number): string => `nameless${index}_`;

const fileOf = ({ name, extension }: Kind): string => `${name}.ts${extension ?? ''}`;

const calledBy = ({ call }: Written): string => /f\d+\w*/.exec(call)?.[0] ?? '';

/** What is called from other modules is exported, by a statement of its own where it is not yet. */
function exported(written: Written): string {
  const { text } = written;
  const name = calledBy(written);
  const isExported = new RegExp(
    `export (?:async )?(?:const|class|function\\*?) ${name}\\b|, ${name} };`,
  ).test(text);
  return isExported ? text : `${text}\nexport { ${name} };`;
}

/** Calls everything, and writes down what was thrown. */
function mainOf(own: readonly Kind[]): string {
  const eager = own.slice(0, -LAZY);
  const lazy = own.slice(-LAZY);
  return `import { writeFileSync } from 'node:fs';
${eager.map((kind, i) => `import { calls as calls${i} } from './${fileOf(kind)}';`).join('\n')}
${anonymous.map((_, i) => `import nameless${i} from './anonymous-${i}.ts';`).join('\n')}
export async function attempt(call«: () => unknown») {
  const got = await call();
  return got;
}
function told(error«: any»)«: any» {
  return { stack: error.stack, message: error.message, cause: error.cause && told(error.cause), errors: error.errors?.map(told) };
}
const calls«: any» = [
${anonymous.map(({ call }, i) => `  ['${nameless(i)}', () => nameless${i}${call}],`).join('\n')}
];
Error.stackTraceLimit = 100;
const runAll = async () => {
  const thrown«: any» = {};
  const lazy = [${lazy.map((kind) => `await import('./${fileOf(kind)}')`).join(', ')}];
  for (const [id, call] of [calls, ${eager.map((_, i) => `calls${i}`).join(', ')}, ...lazy.map((one) => one.calls)].flat()) {
    try { thrown[id] = { returned: String(await attempt(call)) }; } catch (error) { thrown[id] = told(error); }
    await new Promise((resolve) => setTimeout(resolve));
  }
  writeFileSync(process.env«!».THROWN«!», JSON.stringify(thrown));
};
void runAll();
`;
}

function writeAll(
  texts: Record<string, string>,
  own: readonly Kind[],
  language: Language,
): Omit<Program, 'ids'> {
  const files: Record<string, string> = {};
  const truth: Record<string, string> = {};
  // As long as before, so that nothing moves.
  const asJavaScript = (text: string): string => text.replaceAll(/\.ts(?=x?';|x?'\))/g, '.js');
  for (const [file, text] of Object.entries(texts)) {
    const style = styleOf(own.find((kind) => fileOf(kind) === file));
    const name = `src/${file}`;
    const plain = name.replace('.ts', '.js');
    const blank = text.replaceAll(/«([^»]*)»/g, (_, types: string) => ' '.repeat(types.length));
    if (language === 'javascript') files[plain] = style(asJavaScript(text.replaceAll(/«[^»]*»/g, '')));
    else files[name] = style(text.replaceAll(/[«»]/g, ''));
    truth[plain] = language === 'javascript' ? (files[plain] ?? '') : style(asJavaScript(blank));
  }
  return { files, truth };
}

function styleOf({ tabs, crlf, bom }: Partial<Kind> = {}): (code: string) => string {
  return (code) => {
    const tabbed = tabs ? code.replaceAll(/^(?: {2})+/gm, ({ length }) => '\t'.repeat(length / 2)) : code;
    return (bom ? '\uFEFF' : '') + (crlf ? tabbed.replaceAll('\n', '\r\n') : tabbed);
  };
}
