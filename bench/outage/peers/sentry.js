// Before the application: Sentry for Node, tracing every request, so that there is one event for each as with us.
import * as Sentry from '@sentry/node';

Sentry.init({ dsn: process.env.SENTRY_DSN, tracesSampleRate: 1 });

process.on('message', async (flushMs) => {
  if (flushMs > 0) await Sentry.flush(flushMs);
  process.send({});
});
process.on('disconnect', () => process.exit());
