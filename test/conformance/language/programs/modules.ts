/** Random programs: modules that import each other in circles, and everything that they export. */
import fc from '../../../support/properties.ts';
import type { Text } from './context.ts';
import { pick, words } from './context.ts';
import type { Place } from './functions.ts';
import { classDeclaration, declaration, value } from './functions.ts';
import { PRELUDE } from './prelude.ts';
import { typescriptForm } from './typescript.ts';

export interface Module {
  /** `m0.cjs`, `m1.mjs`, `m2.mts`. */
  file: string;
  code: string;
}

export interface Program {
  modules: readonly Module[];
  /** Every function of it is asked for, and not those alone that are chosen by themselves. */
  everything: boolean;
}

/** Names that a module has of its own, beside ours. */
const COLLISIONS = words(
  '',
  'const $rs = 1;',
  'let $rs1 = 2, $rsEnter = 3;',
  'const \\u0024rs = 4;',
  'var $rs_error = "$rs1";',
  'const text = "\\x24rs $rs2";',
);

function commonJsForm(place: Place, name: string): Text {
  return pick(
    [3, declaration(place, name).map((text) => `${text}\nexports.${name} = ${name};`)],
    [3, value(place).map((text) => `const ${name} = exports.${name} = ${text};`)],
    value(place).map((text) => `const ${name} = module.exports.${name} = ${text};`),
    value(place).map((text) => `var ${name} = (exports["${name}"] = ${text})`),
    value(place).map(
      (text) => `Object.defineProperty(exports, "${name}", { get: () => ${name} }); const ${name} = ${text};`,
    ),
    classDeclaration(place, name).map((text) => `${text}\nexports.${name} = ${name};`),
    declaration(place, name).map(
      (text) => `exports.early_${name} = ${name}; ${text}\n${name} = plain(${name});`,
    ),
  );
}

function moduleForm(place: Place, name: string): Text {
  return pick(
    [4, declaration(place, name).map((text) => `export ${text}`)],
    [4, value(place).map((text) => `export const ${name} = ${text};`)],
    value(place).map(
      (text) => `export let ${name} = ${text}; export const swap_${name} = () => { ${name} = plain; };`,
    ),
    declaration(place, name).map((text) => `export { ${name} as "text ${name}", ${name} };\n${text}`),
    value(place).map((text) => `const ${name} = ${text}\nexport { ${name} }`),
    classDeclaration(place, name).map((text) => `export ${text}`),
    value(place).map((text) => `export const { ${name}, ...rest_${name} } = { ${name}: ${text}, more: 1 };`),
  );
}

/** At most one of a module. */
function defaultExport(place: Place): Text {
  return pick(
    [3, words('')],
    declaration(place, '').map((text) => `export default ${text}`),
    declaration(place, 'byDefault').map((text) => `export default ${text}`),
    value(place).map((text) =>
      /^(async\s|\/|function|class|\()/.test(text) ? `export default (${text});` : `export default ${text};`,
    ),
    value(place).map((text) => `export default ${/^class|^\{/.test(text) ? `(${text})` : text}\n;`),
    classDeclaration(place, '').map((text) => `export default ${text}`),
  );
}

const nameOf = (module: number, index: number): string => `f${module}_${index}`;

/** How a module comes by the others' functions, and calls some of them before it is ready itself. */
function imports(kind: 'esm' | 'cjs', self: number, sizes: readonly number[], extension: string): Text {
  const others = sizes.map((_, module) => module).filter((module) => module !== self);
  if (others.length === 0) return fc.constant('');
  return fc.constantFrom(...others).chain((other) => {
    const name = nameOf(other, 0);
    const from = `"./m${other}${extension}"`;
    const early = `try { log("early", typeof ${name}); go(() => ${name}(1))?.catch?.(note); } catch (error) { log("early", error.name, error.message); }`;
    return kind === 'cjs'
      ? words(
          `const { ${name} } = require(${from}); ${early}`,
          `const other = require(${from}); log(Object.keys(other).join()); const ${name} = (a) => other.${name}(a);`,
        )
      : words(
          `import { ${name} } from ${from}; ${early}`,
          `import * as other from ${from}; log(Object.keys(other).join()); const ${name} = (a) => other.${name}(a);`,
          `import * as all from ${from}; import { ${name} } from ${from}; export { ${name} as again_${name} }; ${early}`,
          `export * from ${from}; import { ${name} } from ${from}; export * as named${other} from ${from};`,
          `import ${from}; const ${name} = async (a) => (await import(${from})).${name}(a);`,
        );
  });
}

function moduleText(kind: 'esm' | 'cjs', self: number, sizes: readonly number[], typed: boolean): Text {
  const extension = kind === 'cjs' ? '.cjs' : '.mjs';
  const names = Array.from({ length: sizes[self] ?? 0 }, (_, index) => nameOf(self, index));
  return fc.boolean().chain((directive) => {
    const place = (index: number): Place => ({
      kind,
      strict: kind === 'esm' || directive,
      before: names.slice(0, index),
      anywhere: names,
    });
    const form = kind === 'cjs' ? commonJsForm : moduleForm;
    const forms = names.map((name, index) =>
      typed
        ? pick([2, form(place(index), name)], typescriptForm(place(index), name))
        : form(place(index), name),
    );
    const last = kind === 'esm' ? defaultExport(place(names.length)) : words('');
    return fc
      .tuple(
        imports(kind, self, sizes, extension),
        COLLISIONS,
        last,
        words('\n', ' ', ';\n', '\r\n'),
        ...forms,
      )
      .map(([imported, collisions, last, between, ...declared]) =>
        [
          directive && kind === 'cjs' ? '"use strict";' : '// A module.',
          imported,
          PRELUDE,
          collisions,
          declared.join(between.includes('\n') ? between : ';\n'),
          last,
          '',
        ].join('\n'),
      );
  });
}

/** Programs of one to three modules. */
export const programs: fc.Arbitrary<Program> = fc
  .tuple(
    fc.constantFrom('esm', 'cjs', 'typescript'),
    fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
    fc.boolean(),
  )
  .chain(([dialect, sizes, everything]) => {
    const kind = dialect === 'cjs' ? 'cjs' : 'esm';
    const typed = dialect === 'typescript';
    const extension = typed ? '.mts' : kind === 'cjs' ? '.cjs' : '.mjs';
    return fc.tuple(...sizes.map((_, self) => moduleText(kind, self, sizes, typed))).map((codes) => ({
      everything,
      modules: codes.map((code, self) => ({ file: `m${self}${extension}`, code })),
    }));
  });
