import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { CompressionCodecs, CompressionTypes } from 'kafkajs';
import { compressFrame, decompressFrame } from 'lz4-napi';

/** What kafkajs asks of a codec: the records of a batch, to and from their compressed form. */
interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(compressed: Buffer): Promise<Buffer>;
}

const snappy = require('kafkajs-snappy') as () => Codec;

const lz4: Codec = { compress: ({ buffer }) => compressFrame(buffer), decompress: (compressed) => decompressFrame(compressed) };

const zstd: Codec = {
  compress: ({ buffer }) => promisify(zstdCompress)(buffer),
  decompress: (compressed) => promisify(zstdDecompress)(compressed),
};

/** kafkajs knows gzip alone. A batch in any other codec, which its producer chooses, would end the consumer for good, time and again. */
export function addCodecs(): void {
  CompressionCodecs[CompressionTypes.Snappy] = snappy;
  CompressionCodecs[CompressionTypes.LZ4] = () => lz4;
  CompressionCodecs[CompressionTypes.ZSTD] = () => zstd;
}
