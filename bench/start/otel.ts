/** Starts OpenTelemetry, as its manual says: ahead of everything, by `--import`. */
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { NodeSDK } from '@opentelemetry/sdk-node';

new NodeSDK({
  traceExporter: new OTLPTraceExporter({ url: 'http://127.0.0.1:9/v1/traces' }),
  instrumentations: [new HttpInstrumentation(), new ExpressInstrumentation()],
}).start();
