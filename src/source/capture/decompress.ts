import { pipeline, Readable } from 'node:stream';
import { constants, createZstdDecompress } from 'node:zlib';
import { Gunzip } from '../gunzip.ts';
import { CorruptCapture } from './capture-parser.ts';

/**
 * The content of a gzip or zstd stream, chunk by chunk. A stream that ends early gives what was in it: the capture
 * inside then ends in the middle of a record, and is marked so.
 * @throws CorruptCapture where the compressed data make no sense
 */
export async function* decompress(
  source: AsyncIterable<Uint8Array>,
  format: 'gzip' | 'zstd',
): AsyncGenerator<Uint8Array> {
  if (format === 'gzip') return yield* gunzip(source);
  const inflate = createZstdDecompress({ finishFlush: constants.ZSTD_e_flush });
  // Errors of the source reach the reader through the destroyed stream.
  pipeline(Readable.from(source, { objectMode: false }), inflate, () => {});
  let position = 0;
  try {
    for await (const chunk of inflate as AsyncIterable<Uint8Array>) {
      position += chunk.length;
      yield chunk;
    }
  } catch (error) {
    if (!/^(Z_|ZSTD_)/.test((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new CorruptCapture('zstd_data', position);
  }
  // Cut within its first block, or with nothing in it: there is no capture either way.
  if (position === 0) throw new CorruptCapture('zstd_data', 0);
}

async function* gunzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gzip = new Gunzip(source);
  let position = 0;
  for await (const chunk of gzip.read()) {
    position += chunk.length;
    yield chunk;
  }
  if (position === 0 || gzip.end === 'damaged') throw new CorruptCapture('gzip_data', position);
}
