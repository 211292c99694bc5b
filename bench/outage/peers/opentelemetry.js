// Before the application: OpenTelemetry, which exports its spans as JSON over HTTP.
import { register } from 'node:module';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
const processor = new BatchSpanProcessor(new OTLPTraceExporter({ url: process.env.OTLP_URL }));
new NodeSDK({
  spanProcessors: [processor],
  instrumentations: [new HttpInstrumentation(), new ExpressInstrumentation()],
}).start();

process.on('message', async (flushMs) => {
  if (flushMs > 0) {
    await Promise.race([
      processor.forceFlush(),
      new Promise((resolve) => setTimeout(resolve, flushMs)),
    ]).catch(() => {});
  }
  process.send({});
});
process.on('disconnect', () => process.exit());
