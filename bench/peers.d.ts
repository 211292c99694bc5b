/** What is measured against is installed when it is, and has types only then. */
declare module '@opentelemetry/api';
declare module '@opentelemetry/exporter-trace-otlp-http';
declare module '@opentelemetry/instrumentation-express';
declare module '@opentelemetry/instrumentation-http';
declare module '@opentelemetry/sdk-node';
declare module '@sentry/node';
