// A PNG is a signature and chunks: what is read has the right lengths and checksums, and nothing behind its end.
import { crc32 } from 'node:zlib';
import { AppError } from '../../../base/app_error.ts';

export const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex');

/** The bytes of one chunk (PNG §5.3). */
export function writeChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), 4 + body.length);
  return out;
}

/** The chunks of a PNG, `IEND` the last. Throws `invalid_request` saying what is wrong with it. */
export function readChunks(png: Buffer): PngChunk[] {
  if (!png.subarray(0, 8).equals(pngSignature)) refusePng('it is no PNG');
  const chunks: PngChunk[] = [];
  for (let at = pngSignature.length; chunks.at(-1)?.type !== 'IEND'; ) {
    const chunk = readChunk(png, at);
    chunks.push(chunk);
    at += chunk.data.length + chunkBytesMin;
    if (chunk.type === 'IEND' && at !== png.length) refusePng('something follows its end');
  }
  return chunks;
}

export type PngChunk = { type: string; data: Buffer };

/** Throws `invalid_request` with these words. */
export function refusePng(why: string): never {
  throw new AppError('invalid_request', `The picture cannot be read: ${why}.`);
}

/** Length, type and checksum. */
const chunkBytesMin = 12;

function readChunk(png: Buffer, at: number): PngChunk {
  if (at + chunkBytesMin > png.length) refusePng('it is cut off');
  const end = at + 8 + png.readUInt32BE(at);
  if (end + 4 > png.length) refusePng('it is cut off');
  const type = png.toString('latin1', at + 4, at + 8);
  if (crc32(png.subarray(at + 4, end)) !== png.readUInt32BE(end)) refusePng('a checksum in it is wrong');
  return { type, data: png.subarray(at + 8, end) };
}
