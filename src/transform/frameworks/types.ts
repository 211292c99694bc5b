/** What tells a framework's registrations from any other call: facts, no code. */

/** How a framework's app, router or server comes to be. */
export interface Factory {
  /** What the package exports it as; `default` for the default export. */
  export: string;
  /**
   * `call`: `express()`. `new`: `new Hono()`. Either is tried where a class can be called both ways. `static`: a method of the
   * export itself, or of what other methods of it give: `NestFactory.create()`, `initTRPC.context().create()`. It gives the app or
   * a promise of it.
   */
  by: 'call' | 'new' | 'either' | 'static';
  /** The app is not the value itself, but what this method of it gives: `createApp` of `createFactory()`. */
  method?: string;
  /** The value is what takes requests, and goes through the recogniser's `app` hook, or its options through `options`. */
  app: boolean;
  /** Properties of its options in which all functions, however deep, are the application's handlers: `resolvers`. */
  holds?: readonly string[];
}

/**
 * A framework, as far as the build must know it. The build only proposes: its hooks look at the real values when the
 * application registers its handlers, and hand back whatever they do not know.
 *
 * @example
 * const restana: Recogniser = {
 *   name: 'restana',
 *   packages: ['restana'],
 *   factories: [{ export: 'default', by: 'call', app: true }],
 *   types: ['Restana'],
 *   methods: ['get', 'post', 'put', 'patch', 'delete', 'use'],
 *   chains: [],
 *   receivers: /^app$/,
 *   hooks: { app: 'restanaApp', handler: 'restanaHandler', from: 'replaystack-restana' },
 * };
 */
export interface Recogniser {
  /** The name that the option `routes` takes, and that events carry. */
  name: string;
  /** Packages that export its factories and types. */
  packages: readonly string[];
  factories: readonly Factory[];
  /** Exported types of which a parameter or a field is one of its apps. */
  types: readonly string[];
  /** Methods that take handlers and return what they were called on. */
  methods: readonly string[];
  /** Objects that describe a route: on their own, or as options among the arguments of the other methods. */
  object?: {
    /** The method that takes one on its own: `route({ method: 'GET', url: '/x', handler })`. */
    method: string;
    /** What its path may be called. */
    path: readonly string[];
    /** What functions of the route may be called. */
    handlers: readonly string[];
  };
  /** Methods that return something else to register on: `route('/x')`, `basePath('/v1')`. */
  chains: readonly string[];
  /** Names that an app goes by in modules that neither make nor type it: `(app) => { app.get('/', handler) }`. */
  receivers: RegExp;
  /**
   * Objects that describe a route and are given to a factory, or to what it returns: `createFileRoute('/x')({ loader })`. Nothing
   * in them is wrapped. Where it goes `byVariable`, a function may be given in the place of such an object.
   */
  options?: {
    /** What functions of the route are called. */
    handlers: RegExp;
    /** What objects are called that hold more of them. */
    nested: RegExp;
  };
  /** What is registered goes by the variable that keeps it: `const getOrder = createServerFn().handler(…)`. */
  byVariable?: boolean;
  /** With `app` alone, handlers are left as they are: the app sees all there is to see. */
  hooks: {
    /** `app(value)` is written around what a factory with `app` makes. */
    app?: string;
    /** `options(value)` is written around what such a factory takes first, and gives the like with more in it. */
    options?: string;
    /** `handler(owner, argument, path?)` is written around each handler; or `handler(owner, argument, name?)`, where it goes `byVariable`. */
    handler?: string;
    /**
     * `owner(value, ...ignored)` is written around what handlers are registered on, and gives something to register on that
     * has the types of the value. `ignored` are the indexes of arguments that a pragma leaves alone. This or `handler`.
     */
    owner?: string;
    /**
     * The module that exports both.
     * @default 'unplugin-replaystack/runtime'
     */
    from?: string;
  };
}
