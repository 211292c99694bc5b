// @sentry/node, as its documentation has it: loaded first, with its error handler behind the routes.
const Sentry = require('@sentry/node');

Sentry.init({
  dsn: process.env.BENCH_DSN,
  ...(process.env.BENCH_TRACING && { tracesSampleRate: 1 }),
});
globalThis.benchErrors = (app) => {
  if (typeof app.setErrorHandler === 'function') Sentry.setupFastifyErrorHandler(app);
  else Sentry.setupExpressErrorHandler(app);
};
