// Bundled into the application under test: it counts what the client says of itself, and tells whoever asks.
import { defineReplayStackConfig } from 'unplugin-replaystack/runtime';

interface Client {
  pending: number;
  flush(timeoutMs: number): Promise<{ pending: number; repeated?: number }>;
}

const counts = { dropped: 0, refused: 0, doubtful: 0 };

function client(): Client | undefined {
  return (globalThis as Record<symbol, { client?: Client } | undefined>)[Symbol.for('replaystack.runtime')]
    ?.client;
}

process.on('message', async (flushMs: number) => {
  const flushed = flushMs > 0 ? await client()?.flush(flushMs) : undefined;
  process.send?.({ ...counts, pending: client()?.pending ?? 0, repeated: flushed?.repeated ?? 0 });
});
process.on('disconnect', () => process.exit());

const config: ReturnType<typeof defineReplayStackConfig> = defineReplayStackConfig({
  onQueueDrop: ({ dropped }) => void (counts.dropped += dropped),
  onError({ message }) {
    // What is refused for good is told once, and not tried again.
    if (/^ReplayStack answered 4(?!08|29)/.test(message)) counts.refused++;
    counts.doubtful += Number(/may arrive twice: (\d+)$/.exec(message)?.[1] ?? 0);
  },
});

export default config;
