/**
 * What a rewrite can break, by the numbers of the study that this project began with, and where it is tested that ours does
 * not: in a fixture, in a test whose text names the number, or nowhere, and then it is said why the transform is not
 * concerned.
 */
export interface Hazard {
  number: string;
  title: string;
  /** Paths from the root. */
  places: string[];
  why: string | undefined;
}

const TABLE = `
H1 a function can be called above its declaration
    fixtures/transform/functions/hoisted-and-called-first
    fixtures/hostile/a-default-export-of-an-early-call
H2 a function can be called in a cycle, before its module was evaluated
    fixtures/hostile/called-in-a-cycle-before-it-was-evaluated
    test/src/transform/bundle.slow.ts
H3 exports are live
    fixtures/transform/functions/live-bindings
H4 exports under other names, and re-exports
    fixtures/transform/functions/exported-after-the-fact
    fixtures/transform/functions/a-name-for-a-name
    fixtures/hostile/re-exports-are-left-to-their-owners
H5 an anonymous default export is called default
    fixtures/transform/functions/a-default-export-without-a-name
    fixtures/transform/functions/a-default-arrow
H6 objects that are exported
    fixtures/transform/methods/of-an-exported-object
    fixtures/transform/methods/of-an-object-exported-as-default
H7 import or require
    fixtures/transform/commonjs/properties-of-exports
    fixtures/transform/commonjs/in-typescript
    test/src/transform/module-kind.test.ts
H8 two copies of the runtime
    – its state hangs on globalThis; the fixtures run a copy for import and one for require in one process
H9 a runtime with await at its top
    – the runtime has none, or it could not be required
H10 the runtime must be found from every file
    – the plugin resolves it, the transform writes its name only
H11 what is not used still drops out of a bundle
    fixtures/transform/functions/nothing-to-observe
    test/src/transform/bundle.slow.ts
    test/src/transform/return-value.test.ts
H12 texts that bundlers look for stay as they are
    fixtures/transform/text/comments-that-tools-read
H13 the name of a function
    fixtures/transform/functions/a-function-expression
    fixtures/transform/functions/several-in-one-declaration
H14 the length of a function
    fixtures/transform/functions/destructured-parameters
    fixtures/transform/express/middleware-and-error-middleware
H15 an async function is recognised as one
    fixtures/transform/functions/an-arrow-with-a-block
    fixtures/transform/generators/an-async-generator
H16 the properties of a function
    fixtures/transform/functions/properties-on-a-function
H17 the identity of a function
    fixtures/hostile/the-same-function-everywhere
H18 what can be called with new
    fixtures/transform/functions/this-arguments-and-new-target
H19 this, arguments, super and new.target
    fixtures/transform/functions/this-arguments-and-new-target
    fixtures/transform/methods/of-an-exported-object
    fixtures/transform/methods/of-a-class-exported-later
H20 functions as text
    fixtures/hostile/functions-that-are-sent-elsewhere
H21 the caller of a sloppy function
    fixtures/hostile/the-caller-of-a-sloppy-function
H22 declarations without bodies
    fixtures/transform/typescript/overloads
    fixtures/transform/typescript/declarations-without-bodies
H23 the parameter this of TypeScript
    fixtures/transform/typescript/this-and-parameter-properties
H24 declaration files
    fixtures/untouched/a-list-of-declarations.ts
H25 defaults of parameters that throw
    fixtures/transform/functions/defaults-that-throw
    test/src/transform/functions.test.ts
H26 a directive that allows simple parameters only
    fixtures/hostile/a-strict-function-with-simple-parameters
H27 directives come first
    fixtures/transform/functions/directives-first
    fixtures/transform/text/line-ends-of-windows
    test/src/transform/module-kind.test.ts
H28 functions that are declared twice
    fixtures/hostile/functions-declared-twice
H29 functions that are named like parameters
    fixtures/hostile/functions-named-like-parameters
H30 functions in blocks of sloppy code
    fixtures/hostile/functions-in-blocks
H31 a program that is no program
    test/src/transform/parse.test.ts
H32 eval and with
    fixtures/hostile/eval-and-with
H33 the names that we write
    fixtures/transform/text/names-like-ours
    test/src/transform/names.test.ts
H34 semicolons that are not written
    fixtures/transform/text/no-semicolons
    fixtures/hostile/lines-that-need-their-line-breaks
H35 a returned sequence stays one value
    fixtures/hostile/a-returned-sequence-stays-one-value
    fixtures/transform/express/handlers-as-arguments-of-all-kinds
H36 arrow functions without a block
    fixtures/transform/functions/an-arrow-with-an-expression-body
    fixtures/transform/functions/generic-arrows
H37 comments that speak of what follows
    fixtures/transform/text/a-pure-first-statement
    fixtures/transform/text/a-comment-about-the-first-statement
    test/src/transform/module-kind.test.ts
H38 using and await using
    fixtures/transform/syntax/using-and-await-using
H39 labels, loops and what finally overrides
    fixtures/transform/functions/labels-and-loops
    fixtures/transform/functions/return-in-try-and-finally
H40 synchronous functions, and the place that Node shows of a fatal error
    fixtures/transform/pragmas/captured-functions
    test/src/transform/crash.slow.ts
    test/src/transform/functions.test.ts
H41 whatever is thrown
    fixtures/transform/functions/things-that-are-thrown
    fixtures/hostile/a-function-that-throws-what-it-was-given
H42 the depth of the stack
    fixtures/hostile/very-deep-recursion
H43 a promise that is returned, and the microtasks that it takes
    fixtures/transform/functions/whatever-is-returned
    fixtures/hostile/a-promise-that-is-held-back
    test/src/transform/fuzz.test.ts
H44 promises that are not plain
    fixtures/hostile/lazy-thenables-run-once
H45 what cannot be a promise
    test/src/transform/return-value.test.ts
H46 async generators
    fixtures/transform/generators/an-async-generator
    fixtures/transform/generators/left-early
H47 generators
    fixtures/transform/generators/a-sync-generator-asked-for
H48 functions that return a promise and are not async
    fixtures/hostile/a-function-that-returns-a-promise
H49 a throw is no rejection
    fixtures/hostile/a-function-that-returns-a-promise
H50 async_hooks
    – the promise of the handler that watches can be seen by a PromiseHook, and by nothing else
H51 enterWith
    – the runtime opens scopes with run alone
H52 methods of classes
    fixtures/transform/methods/of-an-exported-class
    fixtures/transform/methods/held-in-fields
    fixtures/transform/methods/left-alone-if-they-are-no-methods
H53 decorators
    fixtures/transform/syntax/decorators-of-the-old-kind
    fixtures/transform/syntax/decorators-of-the-new-kind
H54 enums and namespaces
    fixtures/transform/typescript/namespaces
    fixtures/transform/typescript/enums-and-types-among-values
H55 types around expressions, and dialects
    fixtures/transform/functions/types-around-a-function
    fixtures/transform/typescript/components-in-tsx
    test/src/transform/parse.test.ts
H56 imports of types and of values
    fixtures/transform/typescript/enums-and-types-among-values
    test/src/transform/types.slow.ts
H57 async components
    fixtures/transform/typescript/components-in-tsx
H58 exports that frameworks read
    fixtures/hostile/exports-that-frameworks-read
H59 functions that are replayed, or run elsewhere
    fixtures/hostile/a-step-among-other-functions
    fixtures/untouched/a-workflow.ts
H60 code of the client
    fixtures/untouched/a-client-component.tsx
H61 modules that are replaced while they run
    test/src/transform/functions.test.ts
H62 hashbang, byte order mark, line ends and wide characters
    fixtures/transform/text/a-hashbang-and-a-licence
    fixtures/transform/text/a-byte-order-mark
    fixtures/transform/text/line-ends-of-windows
    fixtures/transform/text/characters-of-four-bytes
H63 comments at the top
    fixtures/transform/text/a-hashbang-and-a-licence
    fixtures/transform/syntax/jsx
    test/src/transform/module-kind.test.ts
H64 a source map comment in the source
    fixtures/transform/text/a-source-map-comment-at-the-end
H65 ids with queries
    – the plugin filters ids, and hands over paths
H66 minifiers
    test/src/transform/bundle.slow.ts
H67 size
    test/src/transform/functions.test.ts
H68 older targets
    test/src/transform/lowered.test.ts
H69 hooks touch nothing of the user
    fixtures/hostile/properties-that-shadow-what-we-read
H70 intrinsics that are replaced later
    – the runtime takes what it needs of them; the transform uses none
H71 frozen intrinsics and missing globals
    – the runtime asks before it uses a global; the transform writes none
`;

export const hazards: Hazard[] = TABLE.split(/\n(?=H\d)/)
  .slice(1)
  .map((entry) => {
    const [head = '', ...lines] = entry.trim().split(/\n\s*/);
    const [number = '', ...title] = head.split(' ');
    const places = lines.filter((line) => !line.startsWith('–'));
    const why = lines.find((line) => line.startsWith('–'));
    return { number, title: title.join(' '), places, why };
  });
