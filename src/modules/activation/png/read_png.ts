// Reads a small PNG into pixels: every colour type and depth, not interlaced, within bounds that are checked first.
import { inflateSync } from 'node:zlib';
import { type PngChunk, readChunks, refusePng } from './png_chunks.ts';
import { type PngHeader, readHeader, samplesOf } from './png_header.ts';
import { colourReader, readSamples } from './read_colours.ts';
import { unfilter } from './unfilter.ts';

/** A picture with 8 bits each of red, green, blue and opacity, line by line from the top left. */
export type Picture = { width: number; height: number; rgba: Uint8Array };

/** The pixels of a PNG of up to `sideMax` pixels a side. Throws `invalid_request` saying what is wrong with it. */
export function readPng(png: Buffer, sideMax: number): Picture {
  const [first, ...chunks] = readChunks(png);
  if (first?.type !== 'IHDR') refusePng('it does not begin with its header');
  for (const { type } of chunks)
    if (/^[A-Z]/.test(type) && !knownChunks.has(type)) refusePng('a part of it is unknown');
  const header = readHeader(first.data, sideMax);
  const lines = readLines(header, chunks);
  return readPixels(header, lines, chunks);
}

const knownChunks: ReadonlySet<string> = new Set(['PLTE', 'IDAT', 'IEND']);

function readLines({ width, height, depth, kind }: PngHeader, chunks: readonly PngChunk[]): Buffer[] {
  const pixelBits = depth * samplesOf[kind];
  const stride = Math.ceil((width * pixelBits) / 8);
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  const data = inflate(packed, height * (stride + 1));
  return unfilter(data, { stride, pixelBytes: Math.max(1, pixelBits >> 3) });
}

/** Exactly `length` bytes: no more is ever unpacked. */
function inflate(packed: Buffer, length: number): Buffer {
  let data: Buffer | undefined;
  try {
    data = inflateSync(packed, { maxOutputLength: length });
  } catch {
    // Told below: what zlib says means nothing to the person who gave the picture.
  }
  if (data?.length !== length) refusePng('its pixels are not what its header says');
  return data;
}

function readPixels(header: PngHeader, lines: readonly Buffer[], chunks: readonly PngChunk[]): Picture {
  const { width, height, depth, kind } = header;
  const dataOf = (wanted: string) => chunks.find(({ type }) => type === wanted)?.data;
  const read = colourReader(header, dataOf('PLTE'), dataOf('tRNS'));
  const rgba = new Uint8Array(width * height * 4);
  for (const [y, line] of lines.entries())
    read(readSamples(line, depth, width * samplesOf[kind]), rgba, y * width * 4);
  return { width, height, rgba };
}
