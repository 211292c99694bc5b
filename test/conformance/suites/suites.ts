/** The packages whose tests are run: all of them ship these beside their sources. */

export interface Suite {
  /** Its name in the registry, and here. */
  name: string;
  /** What it is. */
  kind: string;
  /** What runs its tests. */
  runner: 'node' | 'tape' | 'vitest';
  /** Its test files. */
  files: readonly string[];
  /** Of Node itself. */
  flags?: readonly string[];
  /** It is of those that are tried before a change lands. */
  slice?: boolean;
  /** What its tests import it as, where it is a framework that we know: with that they are its applications. */
  itself?: readonly string[];
  /** Files that stay as they are, since their own text is what they are about. */
  leftAlone?: readonly string[];
  /** Tests that cannot but tell the difference, by how they do. */
  visible?: Readonly<Record<string, readonly string[]>>;
}

const NODE = ['test/**/*.test.{js,mjs}'];

/** `..`, `../fastify`, `../../fastify.js`: what tests below the package's folder import its module as. */
function seenFromBelow(module: string): string[] {
  const above = ['..', '../..', '../../..'];
  return above.flatMap((up) => [up, `${up}/`, `${up}/${module}`, `${up}/${module}.js`]);
}

function fastifyPlugin(name: string, kind: string, more: Partial<Suite> = {}): Suite {
  return { name: `@fastify/${name}`, kind, runner: 'node', files: NODE, ...more };
}

const COUNTS_HOOKS = 'it counts the hooks that Fastify keeps by a symbol of its own, of which some are ours';
const SOURCE = 'it compares the source of a function, which is its name here';
const HEADERS = 'it compares all headers of an answer, of which `x-trace-id` is ours';

export const suites: readonly Suite[] = [
  {
    name: 'fastify',
    kind: 'web framework',
    runner: 'node',
    files: NODE,
    itself: seenFromBelow('fastify'),
    visible: {
      'it looks for a parser by a symbol of Fastify’s own, and finds the one that runs it within its request':
        [
          '',
          ' › should return matching parser',
          ' › should return matching parser with caching /1',
          ' › should return matching parser with caching /2',
          ' › should return matching parser with caching /3',
          ' › should prefer content type parser with string value',
          ' › should return parser that catches all if no other is set',
        ].map((name) => `packages/fastify/test/content-parser.test.js › getParser${name}`),
      [COUNTS_HOOKS]: [
        'packages/fastify/test/hooks.test.js › onRequest hook should support encapsulation / 2',
        'packages/fastify/test/pretty-print.test.js › pretty print - empty plugins',
        'packages/fastify/test/pretty-print.test.js › pretty print - includeMeta, includeHooks',
      ],
      [HEADERS]: ['packages/fastify/test/internals/reply.test.js › reply.getHeaders returns correct values'],
      [SOURCE]: [
        'packages/fastify/test/plugin.1.test.js › plugin metadata - naming plugins',
        'packages/fastify/test/plugin.4.test.js › pluginTimeout default',
        'packages/fastify/test/plugin.4.test.js › hasPlugin returns true if the specified plugin has been registered',
      ],
    },
  },
  { name: 'find-my-way', kind: 'router', runner: 'node', files: NODE },
  { name: 'light-my-request', kind: 'requests without a server', runner: 'node', files: NODE, slice: true },
  {
    name: 'avvio',
    kind: 'plugin loader',
    runner: 'node',
    files: NODE,
    visible: {
      [SOURCE]: [
        'packages/avvio/test/plugin-name.test.js › plugins get a name from the function source if theres no other option',
      ],
    },
  },
  fastifyPlugin('middie', 'middleware engine'),
  fastifyPlugin('express', 'Express within Fastify'),
  fastifyPlugin('auth', 'authentication', { slice: true }),
  fastifyPlugin('jwt', 'authentication'),
  fastifyPlugin('cookie', 'cookie parser'),
  fastifyPlugin('cors', 'CORS', {
    visible: {
      [HEADERS]: [
        'packages/@fastify/cors/test/cors.test.js › Should reply 404 without cors headers when origin is false',
      ],
      [COUNTS_HOOKS]: [
        'onRequest if hook option is not set',
        'onRequest if hook option is set to onRequest',
        'preParsing if hook option is set to preParsing',
        'preValidation if hook option is set to preValidation',
        'preParsing if hook option is set to preParsing (2)',
        'preHandler if hook option is set to preHandler',
        'preSerialization if hook option is set to preSerialization',
      ].map((hook) => `packages/@fastify/cors/test/hooks.test.js › Should set hook ${hook}`),
    },
  }),
  fastifyPlugin('formbody', 'form parser'),
  fastifyPlugin('multipart', 'multipart parser'),
  fastifyPlugin('busboy', 'multipart parser'),
  fastifyPlugin('rate-limit', 'rate limiter'),
  fastifyPlugin('reply-from', 'reverse proxy'),
  fastifyPlugin('http-proxy', 'reverse proxy', { files: ['test/*.js'] }),
  fastifyPlugin('websocket', 'WebSockets'),
  fastifyPlugin('static', 'files'),
  fastifyPlugin('compress', 'streams of answers'),
  fastifyPlugin('sensible', 'errors and helpers'),
  fastifyPlugin('under-pressure', 'load shedding'),
  fastifyPlugin('swagger', 'OpenAPI'),
  { name: 'mercurius', kind: 'GraphQL server', runner: 'node', files: NODE },
  {
    name: 'pino',
    kind: 'logger',
    runner: 'node',
    files: NODE,
    visible: { [HEADERS]: ['packages/pino/test/http.test.js › http response support via a serializer'] },
  },
  { name: 'pino-http', kind: 'logger', runner: 'node', files: ['test/test.js'] },
  { name: 'pino-pretty', kind: 'logger', runner: 'node', files: NODE },
  { name: 'thread-stream', kind: 'stream library', runner: 'node', files: NODE, flags: ['--expose-gc'] },
  { name: 'split2', kind: 'stream library', runner: 'tape', files: ['test.js'] },
  { name: 'bl', kind: 'stream library', runner: 'tape', files: ['test/test.js'] },
  { name: 'fast-json-stringify', kind: 'serialiser', runner: 'node', files: NODE },
  { name: 'secure-json-parse', kind: 'parser', runner: 'tape', files: ['test/*.test.js'] },
  { name: 'qs', kind: 'parser and serialiser', runner: 'tape', files: ['test/*.js'], slice: true },
  { name: 'fast-uri', kind: 'parser', runner: 'tape', files: ['test/*.test.js'] },
  { name: 'fastq', kind: 'queue', runner: 'tape', files: ['test/{test,promise}.js'], slice: true },
  {
    name: 'async-cache-dedupe',
    kind: 'cache',
    runner: 'node',
    files: ['test/*.test.js'],
    flags: ['--expose-gc'],
  },
  { name: 'abstract-level', kind: 'database', runner: 'tape', files: ['test/self.js'] },
  { name: 'zod', kind: 'validator in TypeScript', runner: 'vitest', files: ['src/v3/**/*.test.ts'] },
];
