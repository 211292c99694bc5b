// OpenTelemetry, as its documentation has it: loaded first, sending spans over OTLP in batches.
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-http');
const { ExpressInstrumentation } = require('@opentelemetry/instrumentation-express');
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
const { NodeSDK } = require('@opentelemetry/sdk-node');

new NodeSDK({
  traceExporter: new OTLPTraceExporter({ url: `${process.env.BENCH_RECEIVER}/v1/traces` }),
  instrumentations: [new HttpInstrumentation(), new ExpressInstrumentation()],
}).start();
