/**
 * As much of a Kafka broker as one consumer asks for, in the oldest version of its protocol: one node, topics with one
 * partition whose messages are given, a group with one member, and offsets that are kept.
 */
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';

export interface Kafka extends AsyncDisposable {
  /** `host:port` */
  address: string;
  /** The offset that was committed last, by topic. */
  committed: ReadonlyMap<string, number>;
}

/** Reads a request, field by field. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int16(): number {
    return this.#bytes.readInt16BE((this.#at += 2) - 2);
  }

  int32(): number {
    return this.#bytes.readInt32BE((this.#at += 4) - 4);
  }

  int64(): number {
    return Number(this.#bytes.readBigInt64BE((this.#at += 8) - 8));
  }

  text(): string {
    return this.#take(this.int16()).toString();
  }

  bytes(): Buffer {
    return this.#take(this.int32());
  }

  list<T>(item: () => T): T[] {
    return Array.from({ length: Math.max(0, this.int32()) }, item);
  }

  #take(length: number): Buffer {
    const size = Math.max(0, length);
    return this.#bytes.subarray(this.#at, (this.#at += size));
  }
}

const int8 = (value: number): Buffer => Buffer.from([value]);
const int16 = (value: number): Buffer => sized(2, (bytes) => bytes.writeInt16BE(value));
const int32 = (value: number): Buffer => sized(4, (bytes) => bytes.writeInt32BE(value));
const int64 = (value: number): Buffer => sized(8, (bytes) => bytes.writeBigInt64BE(BigInt(value)));
const text = (value: string): Buffer => Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)]);
const bytes = (value: Buffer): Buffer => Buffer.concat([int32(value.length), value]);
const all = (...fields: Buffer[]): Buffer => Buffer.concat(fields);
const list = <T>(items: readonly T[], item: (value: T) => Buffer): Buffer =>
  all(int32(items.length), ...items.map(item));

function sized(size: number, write: (bytes: Buffer) => void): Buffer {
  const buffer = Buffer.alloc(size);
  write(buffer);
  return buffer;
}

/** A message as it was before records: without a key, and with a checksum that nobody looks at. */
function message(offset: number, value: string): Buffer {
  const body = all(int32(0), int8(0), int8(0), int32(-1), bytes(Buffer.from(value)));
  return all(int64(offset), bytes(body));
}

/** The operations, with the version of each that is spoken here. */
const VERSIONS = { 1: 0, 2: 0, 3: 0, 8: 2, 9: 1, 10: 0, 11: 0, 12: 0, 13: 0, 14: 0, 18: 0 } as const;
const MEMBER = 'member-1';
const OK = int16(0);

/** @param topics the messages of each, from offset 0 */
export async function startKafka(topics: Record<string, string[]>): Promise<Kafka> {
  const committed = new Map<string, number>();
  const server = createServer((socket) => serve(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const node = all(int32(1), text('127.0.0.1'), int32(port));
  let metadata: Buffer = Buffer.alloc(0);

  /** Topics with their partitions, of which there is one. */
  const eachPartition = (request: Reader, read: (topic: string, partition: number) => Buffer): Buffer =>
    list(
      request.list(() => {
        const topic = request.text();
        return { topic, partitions: request.list(() => read(topic, request.int32())) };
      }),
      ({ topic, partitions }) =>
        all(
          text(topic),
          list(partitions, (partition) => partition),
        ),
    );

  const answers: Record<keyof typeof VERSIONS, (request: Reader) => Buffer> = {
    // Fetch
    1(request) {
      request.int32();
      request.int32();
      request.int32();
      return eachPartition(request, (topic, partition) => {
        const from = request.int64();
        request.int32();
        const messages = topics[topic] ?? [];
        const rest = messages.map((value, offset) => message(offset, value)).slice(from);
        return all(int32(partition), OK, int64(messages.length), bytes(all(...rest)));
      });
    },
    // ListOffsets
    2(request) {
      request.int32();
      return eachPartition(request, (_, partition) => {
        request.int64();
        request.int32();
        return all(int32(partition), OK, list([0], int64));
      });
    },
    // Metadata
    3(request) {
      const asked = request.list(() => request.text());
      const names = asked.length > 0 ? asked : Object.keys(topics);
      const partition = all(OK, int32(0), int32(1), list([1], int32), list([1], int32));
      return all(
        list([node], (one) => one),
        list(names, (name) =>
          all(
            OK,
            text(name),
            list([partition], (one) => one),
          ),
        ),
      );
    },
    // OffsetCommit
    8(request) {
      request.text();
      request.int32();
      request.text();
      request.int64();
      return eachPartition(request, (topic, partition) => {
        committed.set(topic, request.int64());
        request.text();
        return all(int32(partition), OK);
      });
    },
    // OffsetFetch
    9(request) {
      request.text();
      return eachPartition(request, (topic, partition) =>
        all(int32(partition), int64(committed.get(topic) ?? -1), text(''), OK),
      );
    },
    // FindCoordinator
    10: () => all(OK, node),
    // JoinGroup
    11(request) {
      request.text();
      request.int32();
      request.text();
      request.text();
      const [protocol] = request.list(() => ({ name: request.text(), metadata: request.bytes() }));
      metadata = protocol?.metadata ?? metadata;
      const member = all(text(MEMBER), bytes(metadata));
      return all(
        OK,
        int32(1),
        text(protocol?.name ?? ''),
        text(MEMBER),
        text(MEMBER),
        list([member], (one) => one),
      );
    },
    // Heartbeat
    12: () => OK,
    // LeaveGroup
    13: () => OK,
    // SyncGroup
    14(request) {
      request.text();
      request.int32();
      request.text();
      const [own] = request.list(() => ({ member: request.text(), assignment: request.bytes() }));
      return all(OK, bytes(own?.assignment ?? Buffer.alloc(0)));
    },
    // ApiVersions
    18: () =>
      all(
        OK,
        list(Object.entries(VERSIONS), ([key, version]) =>
          all(int16(Number(key)), int16(version), int16(version)),
        ),
      ),
  };

  function serve(socket: Socket): void {
    let waiting: Buffer = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      waiting = Buffer.concat([waiting, chunk as Buffer]);
      while (waiting.length >= 4 && waiting.length >= 4 + waiting.readInt32BE(0)) {
        const end = 4 + waiting.readInt32BE(0);
        const request = new Reader(waiting.subarray(4, end));
        waiting = waiting.subarray(end);
        answer(socket, request);
      }
    });
  }

  function answer(socket: Socket, request: Reader): void {
    const key = request.int16() as keyof typeof VERSIONS;
    const version = request.int16();
    const correlation = int32(request.int32());
    request.text();
    // Whoever asks in a newer version is told so, and asks again.
    const body = version === VERSIONS[key] ? answers[key](request) : all(int16(35), int32(0), int32(0));
    const isEmpty = key === 1 && body.length < 60;
    setTimeout(() => socket.write(bytes(all(correlation, body))), isEmpty ? 20 : 0);
  }

  return {
    address: `127.0.0.1:${port}`,
    committed,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
