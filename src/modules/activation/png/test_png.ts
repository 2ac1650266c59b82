// For tests: PNGs of any colour type, depth and filter, and what they would be without their filters.
import { deflateSync } from 'node:zlib';
import { pngSignature, writeChunk } from './png_chunks.ts';

/** A PNG of lines of packed samples; its line y is filtered by filter `y % 5` unless `filter` says otherwise. */
export function testPng(picture: TestPng): Buffer {
  const { colourType = 6, depth = 8, width, lines, chunks = {}, header = {} } = picture;
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(header.width ?? width, 0);
  ihdr.writeUInt32BE(header.height ?? lines.length, 4);
  ihdr.set([depth, colourType, 0, 0, header.interlace ?? 0], 8);
  const step = Math.max(1, (depth * (samples[colourType] ?? 1)) >> 3);
  return Buffer.concat([
    pngSignature,
    writeChunk('IHDR', ihdr),
    ...Object.entries(chunks).map(([type, data]) => writeChunk(type, data)),
    writeChunk('IDAT', deflateSync(filterLines(lines, step, picture.filter))),
    writeChunk('IEND', Buffer.alloc(0)),
  ]);
}

export type TestPng = {
  /** 6, red, green, blue and opacity, if left out. */
  colourType?: number;
  /** 8 if left out. */
  depth?: number;
  width: number;
  lines: readonly Buffer[];
  filter?: number;
  /** Before the pixels. */
  chunks?: Record<string, Buffer>;
  /** What its header says instead. */
  header?: { width?: number; height?: number; interlace?: number };
};

/** A picture of one byte each of red, green, blue and opacity. */
export function testLogo(
  width: number,
  height: number,
  pixel: (x: number, y: number) => readonly number[],
): Buffer {
  const lines = Array.from({ length: height }, (_, y) =>
    Buffer.from(Array.from({ length: width }, (_, x) => [...pixel(x, y)]).flat()),
  );
  return testPng({ width, lines });
}

const samples: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

function filterLines(lines: readonly Buffer[], step: number, filter: number | undefined): Buffer {
  return Buffer.concat(
    lines.flatMap((line, y) => {
      const above = lines[y - 1] ?? Buffer.alloc(line.length);
      const number = filter ?? y % 5;
      return [Buffer.from([number]), line.map((value, x) => value - guess(number, line, above, x, step))];
    }),
  );
}

function guess(filter: number, line: Buffer, above: Buffer, x: number, step: number): number {
  const [a, b, c] = [line[x - step] ?? 0, above[x] ?? 0, (x >= step && above[x - step]) || 0];
  if (filter === 1) return a;
  if (filter === 2) return b;
  if (filter === 3) return Math.floor((a + b) / 2);
  if (filter !== 4) return 0;
  const p = a + b - c;
  return [a, b, c].reduce((best, each) => (Math.abs(p - each) < Math.abs(p - best) ? each : best));
}
