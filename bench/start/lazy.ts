/** Fails unless undici, of which a stand-in lies beside the bundle, is loaded by the first event that is sent, and not before. */
import { pathToFileURL } from 'node:url';

interface Started {
  ReplayStackClient: new (options: object) => {
    captureEvent(event: object): Promise<void>;
    flush(timeoutMs: number): Promise<unknown>;
  };
}

const isLoaded = (): boolean => 'undiciIsLoaded' in globalThis;
const { ReplayStackClient } = (await import(pathToFileURL(process.argv[2] ?? '').href)) as Started;
const client = new ReplayStackClient({ apiKey: 'rs_bench', endpoint: 'http://127.0.0.1:9', retries: 0 });
await new Promise((resolve) => setTimeout(resolve, 50));
if (isLoaded()) throw new Error('undici was loaded before anything was sent');
const builtin = (process as { moduleLoadList?: string[] }).moduleLoadList ?? [];
if (builtin.some((name) => name.includes('deps/undici'))) throw new Error("Node's own undici was loaded");
await client.captureEvent({ endpoint: 'job' });
await client.flush(500);
if (!isLoaded()) throw new Error('undici was not loaded by what was sent');
process.exit();
