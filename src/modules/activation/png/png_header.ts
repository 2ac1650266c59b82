// The header of a PNG: how large it is and how its samples are written; what we do not read is refused here.
import { refusePng } from './png_chunks.ts';

export type PngHeader = {
  width: number;
  height: number;
  /** Bits a sample. */
  depth: number;
  kind: PixelKind;
};

/** Of one pixel. */
export type PixelKind = 'grey' | 'rgb' | 'palette' | 'greyAlpha' | 'rgba';

/** Reads `IHDR` (PNG §11.2.2). Throws `invalid_request` for what it cannot be, or larger than `sideMax` pixels a side. */
export function readHeader(data: Buffer, sideMax: number): PngHeader {
  if (data.length !== 13) refusePng('its header is not one');
  const [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)];
  const [depth = 0, colourType = -1, compression, filter, interlace] = data.subarray(8);
  if (width < 1 || height < 1 || width > sideMax || height > sideMax)
    refusePng(`give 1 to ${sideMax} pixels a side, it has ${width} × ${height}`);
  const known = colourTypes[colourType];
  if (!known?.depths.includes(depth) || compression !== 0 || filter !== 0) refusePng('its header is not one');
  if (interlace !== 0) refusePng('it is interlaced, save it without');
  return { width, height, depth, kind: known.kind };
}

export const samplesOf: Record<PixelKind, number> = { grey: 1, rgb: 3, palette: 1, greyAlpha: 2, rgba: 4 };

const colourTypes: Record<number, { kind: PixelKind; depths: readonly number[] }> = {
  0: { kind: 'grey', depths: [1, 2, 4, 8, 16] },
  2: { kind: 'rgb', depths: [8, 16] },
  3: { kind: 'palette', depths: [1, 2, 4, 8] },
  4: { kind: 'greyAlpha', depths: [8, 16] },
  6: { kind: 'rgba', depths: [8, 16] },
};
