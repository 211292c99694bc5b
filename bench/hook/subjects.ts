/** What is compared: each runs a function of the service in its own way. A process measures one of them. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Work } from './functions.ts';
import { runWithReplayStackContext, ReplayStackClient } from 'unplugin-replaystack/runtime';

export interface Subject {
  /** Runs what is measured, and the same without, as one request does. */
  inRequest<T>(body: () => Promise<T>): Promise<T>;
  /** Whether the functions are those that the plugin transformed. */
  observed: boolean;
  /** Puts around each call what a user of that library writes. */
  wrap(work: Work, name: string): Work;
  /** Leaves one breadcrumb; what an application calls by hand. */
  breadcrumb?(id: number): void;
  /** The same with some data. */
  breadcrumbWithData?(id: number): void;
}

const asItIs = (work: Work): Work => work;
const outside = <T>(body: () => Promise<T>): Promise<T> => body();

export const subjects: Record<string, () => Promise<Subject>> = {
  async active() {
    // Nothing is captured, so nothing is sent.
    const client = new ReplayStackClient({ apiKey: 'rs_bench', endpoint: 'http://127.0.0.1:9' });
    return {
      inRequest: runWithReplayStackContext,
      observed: true,
      wrap: asItIs,
      breadcrumb: () => client.addBreadcrumb('order priced', { category: 'orders' }),
      breadcrumbWithData: (id) =>
        client.addBreadcrumb('order priced', { category: 'orders', metadata: { id, currency: 'EUR' } }),
    };
  },

  async dormant() {
    return { inRequest: outside, observed: true, wrap: asItIs };
  },

  async als() {
    const storage = new AsyncLocalStorage<number>();
    return {
      inRequest: (body) => storage.run(0, body),
      observed: false,
      wrap: (work) => (id) => storage.run(id, () => work(id)),
    };
  },

  async sentry() {
    const Sentry = await import('@sentry/node');
    Sentry.init({ dsn: 'http://key@127.0.0.1:9/1', tracesSampleRate: 0 });
    return {
      inRequest: (body) => Sentry.withIsolationScope(() => Sentry.startSpan({ name: 'request' }, body)),
      observed: false,
      wrap: (work, name) => (id) => Sentry.startSpan({ name, op: 'function' }, () => work(id)),
      breadcrumb: () => Sentry.addBreadcrumb({ message: 'order priced', category: 'orders' }),
      breadcrumbWithData: (id) =>
        Sentry.addBreadcrumb({ message: 'order priced', category: 'orders', data: { id, currency: 'EUR' } }),
    };
  },

  async otel() {
    const { trace } = await import('@opentelemetry/api');
    const { NodeSDK } = await import('@opentelemetry/sdk-node');
    const nothing = async (): Promise<void> => {};
    // Where spans go when they have ended is not measured.
    const processor = { onStart() {}, onEnd() {}, forceFlush: nothing, shutdown: nothing };
    new NodeSDK({ spanProcessors: [processor] }).start();
    const tracer = trace.getTracer('bench');
    return {
      inRequest: (body) =>
        tracer.startActiveSpan('request', async (span: { end(): void }) => {
          try {
            return await body();
          } finally {
            span.end();
          }
        }),
      observed: false,
      wrap: (work, name) => (id) =>
        tracer.startActiveSpan(name, async (span: { end(): void }) => {
          try {
            return await work(id);
          } finally {
            span.end();
          }
        }),
      breadcrumb: () => void trace.getActiveSpan()?.addEvent('order priced'),
      breadcrumbWithData: (id) =>
        void trace.getActiveSpan()?.addEvent('order priced', { id, currency: 'EUR' }),
    };
  },
};
