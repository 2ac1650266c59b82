// From the samples of a PNG to red, green, blue and opacity, for each of its colour types (PNG §6.1, §11.3.1).
import { refusePng } from './png_chunks.ts';
import { type PixelKind, type PngHeader, samplesOf } from './png_header.ts';

/** Writes the pixels of a line as four bytes each, from `at` on. */
export type ColourReader = (samples: ArrayLike<number>, rgba: Uint8Array, at: number) => void;

/** The reader for pictures with this header, palette (`PLTE`) and transparency (`tRNS`). Throws `invalid_request`. */
export function colourReader(
  { kind, depth }: PngHeader,
  palette: Buffer | undefined,
  transparency: Buffer | undefined,
): ColourReader {
  if (kind === 'palette') return paletteReader(palette, transparency);
  const count = samplesOf[kind];
  const [red, green, blue, alpha] = places[kind];
  const clear = alpha === undefined ? clearColour(transparency, count) : undefined;
  const to8 = 255 / (2 ** depth - 1);
  return (samples, rgba, at) => {
    for (let from = 0; from < samples.length; from += count, at += 4) {
      rgba[at] = (samples[from + red] ?? 0) * to8 + 0.5;
      rgba[at + 1] = (samples[from + green] ?? 0) * to8 + 0.5;
      rgba[at + 2] = (samples[from + blue] ?? 0) * to8 + 0.5;
      rgba[at + 3] = alpha === undefined ? 255 : (samples[from + alpha] ?? 0) * to8 + 0.5;
      if (clear?.every((value, place) => samples[from + place] === value)) rgba[at + 3] = 0;
    }
  };
}

/** Which sample is red, green, blue and opacity. */
const places: Record<Exclude<PixelKind, 'palette'>, [number, number, number, number?]> = {
  grey: [0, 0, 0],
  greyAlpha: [0, 0, 0, 1],
  rgb: [0, 1, 2],
  rgba: [0, 1, 2, 3],
};

/** The one colour that is to be seen through. */
function clearColour(transparency: Buffer | undefined, count: number): number[] | undefined {
  if (transparency === undefined) return undefined;
  if (transparency.length !== count * 2) refusePng('its transparency is not one');
  return Array.from({ length: count }, (_, place) => transparency.readUInt16BE(place * 2));
}

function paletteReader(
  palette: Buffer = Buffer.alloc(0),
  transparency: Buffer = Buffer.alloc(0),
): ColourReader {
  const colours = palette.length / 3;
  if (!Number.isInteger(colours) || colours < 1 || colours > 256 || transparency.length > colours)
    refusePng('its palette is not one');
  return (samples, rgba, at) => {
    for (let x = 0; x < samples.length; x++, at += 4) {
      const index = samples[x] ?? 0;
      if (index >= colours) refusePng('a colour of it is not in its palette');
      rgba[at] = palette[index * 3] ?? 0;
      rgba[at + 1] = palette[index * 3 + 1] ?? 0;
      rgba[at + 2] = palette[index * 3 + 2] ?? 0;
      rgba[at + 3] = transparency[index] ?? 255;
    }
  };
}

/** The first `count` samples of a line; those of less than a byte begin at its high bits. */
export function readSamples(line: Buffer, depth: number, count: number): ArrayLike<number> {
  if (depth === 8) return line;
  const samples = new Uint16Array(count);
  for (let index = 0; index < count; index++) samples[index] = sampleAt(line, index, depth);
  return samples;
}

function sampleAt(line: Buffer, index: number, depth: number): number {
  if (depth === 16) return line.readUInt16BE(index * 2);
  const bit = index * depth;
  return ((line[bit >> 3] ?? 0) >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
}
