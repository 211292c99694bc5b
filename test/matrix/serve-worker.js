// node serve-worker.js <bundle> <options of Miniflare as JSON>: serves a worker by workerd until it is told to end.
import { readFileSync } from 'node:fs';
import { Miniflare } from 'miniflare';

const [bundle, options] = process.argv.slice(2);
const miniflare = new Miniflare({
  host: '127.0.0.1',
  port: 0,
  modules: [{ type: 'ESModule', path: 'worker.mjs', contents: readFileSync(bundle, 'utf8') }],
  ...JSON.parse(options),
});
const { port } = await miniflare.ready;
console.log(JSON.stringify({ port: Number(port) }));
process.once('SIGTERM', () => miniflare.dispose().then(() => process.exit(0)));
