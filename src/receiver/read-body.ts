/** Reads the body of a request as text, unpacked if it was sent with gzip. */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const unpack = promisify(gunzip);

/** A hundred events of the largest default size, generously. */
const MAX_BYTES = 256 * 1024 * 1024;

/** A request whose body cannot be read, with the HTTP status that says so. */
export interface UnreadableBody {
  status: 400 | 413 | 415;
  message: string;
}

export type Body = { text: string } | UnreadableBody;

/**
 * @param request a request of which nothing was read yet; `content-encoding` may be absent, `identity` or `gzip`
 * @returns the text, or why there is none; rejects when the connection breaks
 */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    // Read on all the same: an answer before the end of the body reaches many clients as a broken connection.
    if (size <= MAX_BYTES) chunks.push(chunk as Buffer);
  }
  if (size > MAX_BYTES) return { status: 413, message: `The body has more than ${MAX_BYTES} bytes` };

  const bytes = Buffer.concat(chunks);
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return { text: bytes.toString() };
  if (encoding !== 'gzip')
    return { status: 415, message: `content-encoding ${encoding} is not accepted, gzip is` };
  try {
    const unpacked = await unpack(bytes, { maxOutputLength: MAX_BYTES });
    return { text: unpacked.toString() };
  } catch (error) {
    return { status: 400, message: `The body is no gzip: ${(error as Error).message}` };
  }
}
