/** Compression of a request's body, as the platforms have it. */

/** Undefined where it cannot be done. */
export type Gzip = (body: string | Uint8Array) => Promise<Uint8Array<ArrayBuffer> | undefined>;

/** By Node's zlib, off the thread. */
export const gzipByZlib: Gzip = async (body) => {
  const zlib = process.getBuiltinModule?.('node:zlib');
  if (zlib === undefined) return undefined;
  return new Promise((resolve, reject) => {
    zlib.gzip(body, (error, bytes) => {
      if (error === null) resolve(bytes as Uint8Array<ArrayBuffer>);
      else reject(error);
    });
  });
};

/** By what is a standard on the web, which not every platform has. */
export const gzipByStream: Gzip = async (body) => {
  // Next.js builds no middleware for the edge that names it by itself.
  const { CompressionStream } = globalThis;
  if (CompressionStream === undefined) return undefined;
  const packing = new Blob([body as string]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packing).arrayBuffer());
};

/**
 * The body of a request, and its headers: packed if it can be.
 *
 * @param gzip undefined: it is not to be
 */
export async function pack<B extends string | Uint8Array>(
  body: B,
  headers: Record<string, string>,
  gzip: Gzip | undefined,
): Promise<{ body: B | Uint8Array<ArrayBuffer>; headers: Record<string, string> }> {
  const packed = await gzip?.(body);
  return packed === undefined
    ? { body, headers }
    : { body: packed, headers: { ...headers, 'content-encoding': 'gzip' } };
}
