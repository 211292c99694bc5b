// node serve-edge-function.js <bundle>: serves an edge function by the npm package edge-runtime. Its environment comes along.
import { readFileSync } from 'node:fs';
import { EdgeRuntime, runServer } from 'edge-runtime';

const [bundle] = process.argv.slice(2);
const { REPLAYSTACK_API_KEY, REPLAYSTACK_ENDPOINT } = process.env;
const runtime = new EdgeRuntime({
  // As Vercel does: `process.env` is there, and nothing else of Node.
  initialCode: `globalThis.process = { env: ${JSON.stringify({ REPLAYSTACK_API_KEY, REPLAYSTACK_ENDPOINT })} };
${readFileSync(bundle, 'utf8')}`,
});
const server = await runServer({
  runtime,
  host: '127.0.0.1',
  port: 0,
  logger: { debug() {}, error: console.error },
});
console.log(JSON.stringify({ port: Number(new URL(server.url).port) }));
process.once('SIGTERM', () => {
  // What the platform was given to wait for is waited for.
  void server.waitUntil().then(() => process.exit(0));
});
