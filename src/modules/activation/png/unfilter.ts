// Undoes what a PNG does to its lines so that they compress better (PNG §9), in place.
import { refusePng } from './png_chunks.ts';

/**
 * The lines as they were before they were filtered: `data` has one byte for the filter and `stride` bytes of samples a
 * line, `pixelBytes` (at least 1) from one pixel to the next. Throws `invalid_request` for an unknown filter.
 */
export function unfilter(
  data: Buffer,
  { stride, pixelBytes }: { stride: number; pixelBytes: number },
): Buffer[] {
  const lines: Buffer[] = [];
  let above: Buffer = Buffer.alloc(stride);
  for (let at = 0; at < data.length; at += stride + 1) {
    const line = data.subarray(at + 1, at + 1 + stride);
    const undo = filters[data[at] ?? -1] ?? refusePng('a line of it has an unknown filter');
    undo(line, above, pixelBytes);
    lines.push(line);
    above = line;
  }
  return lines;
}

type Undo = (line: Buffer, above: Buffer, step: number) => void;

const filters: readonly Undo[] = [
  () => {},
  undoBy((left) => left),
  undoBy((_left, up) => up),
  undoBy((left, up) => (left + up) >> 1),
  undoBy(paeth),
];

/** Adds to each byte what `guess` makes of the bytes to the left, above, and above to the left. */
function undoBy(guess: (left: number, up: number, corner: number) => number): Undo {
  return (line, above, step) => {
    for (let x = 0; x < line.length; x++) {
      const left = x < step ? 0 : (line[x - step] ?? 0);
      const corner = x < step ? 0 : (above[x - step] ?? 0);
      line[x] = (line[x] ?? 0) + guess(left, above[x] ?? 0, corner);
    }
  };
}

/** The neighbour that is nearest to left + up - corner (PNG §9.4). */
function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
