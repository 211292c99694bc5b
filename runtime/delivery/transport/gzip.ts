/** Compression of a request's body, as the platforms have it. */

/** Undefined where it cannot be done. */
export type Gzip = (text: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;

/** By Node's zlib, off the thread. */
export const gzipByZlib: Gzip = async (text) => {
  const zlib = process.getBuiltinModule?.('node:zlib');
  if (zlib === undefined) return undefined;
  return new Promise((resolve, reject) => {
    zlib.gzip(text, (error, bytes) => {
      if (error === null) resolve(bytes as Uint8Array<ArrayBuffer>);
      else reject(error);
    });
  });
};

/** By what is a standard on the web, which not every platform has. */
export const gzipByStream: Gzip = async (text) => {
  if (typeof CompressionStream === 'undefined') return undefined;
  const packing = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packing).arrayBuffer());
};

/** The body of a request, and its headers: packed if it is to be and can be. */
export async function pack(
  { body, headers, compress }: { body: string; headers: Record<string, string>; compress?: boolean },
  gzip: Gzip,
): Promise<{ body: string | Uint8Array<ArrayBuffer>; headers: Record<string, string> }> {
  const packed = compress ? await gzip(body) : undefined;
  return packed === undefined
    ? { body, headers }
    : { body: packed, headers: { ...headers, 'content-encoding': 'gzip' } };
}
