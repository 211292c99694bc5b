/** What may be written where: the productions of a random program ask this before they choose. */
import fc from '../../../support/properties.ts';

export type Text = fc.Arbitrary<string>;

/** The place that text is generated for. */
export interface Context {
  /** Of the module: `cjs` is sloppy unless its text says otherwise. */
  kind: 'esm' | 'cjs';
  strict: boolean;
  async: boolean;
  generator: boolean;
  arrow: boolean;
  /** `super.m()` means something. */
  method: boolean;
  /** Names of functions that are declared before this one in the module. */
  before: readonly string[];
  /** Names of functions of any module, called with fuel so that nothing runs for ever. */
  anywhere: readonly string[];
  /** What the parameters bind. */
  parameters: readonly string[];
}

/** A choice, with how often each is made. */
export function pick(...choices: readonly (string | Text | readonly [number, Text])[]): Text {
  return fc.oneof(
    ...choices.map((choice) => {
      if (typeof choice === 'string') return { weight: 1, arbitrary: fc.constant(choice) };
      return Array.isArray(choice)
        ? { weight: (choice as [number, Text])[0], arbitrary: (choice as [number, Text])[1] }
        : { weight: 1, arbitrary: choice as Text };
    }),
  );
}

/** One of these texts. */
export const words = (...texts: readonly string[]): Text => fc.constantFrom(...texts);

/** Text with other text in it. */
export function text(strings: TemplateStringsArray, ...parts: readonly Text[]): Text {
  return fc
    .tuple(...parts)
    .map((values) => strings.map((string, index) => string + (values[index] ?? '')).join(''));
}

/** Many, with something between them. */
export const several = (part: Text, max: number, between = ' ', min = 1): Text =>
  fc.array(part, { minLength: min, maxLength: max }).map((parts) => parts.join(between));
