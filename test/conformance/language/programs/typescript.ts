/** What TypeScript has beyond the language, around functions of a random module. */
import fc from '../../../support/properties.ts';
import type { Text } from './context.ts';
import { pick, words } from './context.ts';
import type { Place } from './functions.ts';
import { declaration, value } from './functions.ts';

/** esbuild takes the types away, and knows decorators of the old kind. */
export function typescriptForm(place: Place, name: string): Text {
  const own = { ...place, strict: true };
  return pick(
    fc
      .tuple(declaration(own, 'inner'), value(own))
      .map(([inner, v]) => `export namespace ${name} { export ${inner}\nexport const more = ${v}; }`),
    declaration(own, 'b').map((inner) => `export namespace ${name}.deep { export ${inner} }`),
    words('A = 1, B = A << 1, C = "x".length', 'A = "text"').map(
      (members) =>
        `export enum ${name} { ${members} }\nexport namespace ${name} { export async function of(a: number) { return note(a); } }`,
    ),
    value(own).map((v) => `export const ${name} = (${v}) satisfies unknown as any;`),
    value(own).map((v) => `export const ${name} = <any>(${v})!;`),
    declaration(own, name).map((d) => `export ${d}\nexport type Of${name} = typeof ${name};`),
    declaration(own, name).map(
      (d) =>
        `export ${d.replace(/^async function (\w+)\(\) \{/, 'async function $1<T extends object>(this: unknown): Promise<any> {')}`,
    ),
    value(own).map(
      (v) =>
        `export async function ${name}(a: string): Promise<string>; export async function ${name}(a: number): Promise<number>; export async function ${name}(a?: any): Promise<any> { return note(await (${v})); }`,
    ),
    value(own).map(
      (
        v,
      ) => `const seen_${name} = (target: any, key?: any, d?: any) => { log("decorated", typeof target, String(key), typeof d); };
@seen_${name} export class ${name} { constructor(private readonly a: number = note(1), public b?: string) {} @seen_${name} async m<T>(x: T): Promise<T | number> { return note(this.a); } declare c: string; static readonly made = ${v}; abstract_?(): void; @seen_${name} field = async (x: number) => note(this.b ?? x); }`,
    ),
    words('1').map(
      () =>
        `export abstract class ${name} { abstract later(): Promise<void>; async now(this: ${name}, a?: number): Promise<any> { return note(a!); } protected async hidden() { return note(1); } private async own() { return this.hidden(); } }`,
    ),
  );
}
