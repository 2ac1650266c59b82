// A picture in another size: each new pixel is the mean of those it stands for.
import type { Picture } from './read_png.ts';

/** The picture with its longer side `side` pixels long, its proportions kept. */
export function scalePicture({ width, height, rgba }: Picture, side: number): Picture {
  const longer = Math.max(width, height);
  const to = {
    width: Math.max(1, Math.round((width * side) / longer)),
    height: Math.max(1, Math.round((height * side) / longer)),
  };
  const out = new Uint8Array(to.width * to.height * 4);
  for (let y = 0; y < to.height; y++) {
    const rows = spanOf(y, height, to.height);
    for (let x = 0; x < to.width; x++)
      out.set(meanOf(rgba, width, rows, spanOf(x, width, to.width)), (y * to.width + x) * 4);
  }
  return { ...to, rgba: out };
}

type Span = { first: number; end: number };

/** Which of `from` old places new place `at` of `to` stands for: one at least. */
function spanOf(at: number, from: number, to: number): Span {
  const first = Math.floor((at * from) / to);
  return { first, end: Math.max(first + 1, Math.ceil(((at + 1) * from) / to)) };
}

/** Colours count by their opacity: what is clear has none. */
function meanOf(
  rgba: Uint8Array,
  width: number,
  rows: Span,
  columns: Span,
): [number, number, number, number] {
  let [red, green, blue, opacity] = [0, 0, 0, 0];
  for (let y = rows.first; y < rows.end; y++)
    for (let x = columns.first; x < columns.end; x++) {
      const at = (y * width + x) * 4;
      const share = rgba[at + 3] ?? 0;
      red += (rgba[at] ?? 0) * share;
      green += (rgba[at + 1] ?? 0) * share;
      blue += (rgba[at + 2] ?? 0) * share;
      opacity += share;
    }
  if (opacity === 0) return [0, 0, 0, 0];
  const pixels = (rows.end - rows.first) * (columns.end - columns.first);
  return [red / opacity, green / opacity, blue / opacity, opacity / pixels];
}
