// A QR code as the smallest honest PNG: one bit a pixel, made without a picture library (about 0.1 ms, 800 bytes).
import { deflateSync } from 'node:zlib';
import { pngSignature, writeChunk } from './png/png_chunks.ts';
import { qrLogoPng } from './qr_logo_png.ts';
import { qrMatrix } from './qr_matrix.ts';
import { type QrStyle, readColour } from './qr_style.ts';

/** PNG of the QR code of `text`, `pixelsPerModule` (1 to 40) pixels a module; black on white without a style. */
export function qrPng(text: string, style?: QrStyle, pixelsPerModule = 10): Buffer {
  if (style?.logo) return qrLogoPng(text, { ...style, logo: style.logo }, pixelsPerModule);
  const matrix = qrMatrix(text);
  const side = matrix.length * pixelsPerModule;
  const { colourType, palette } = coloursOf(style);
  return Buffer.concat([
    pngSignature,
    writeChunk('IHDR', header(side, colourType)),
    ...palette,
    writeChunk('IDAT', deflateSync(scanlines(matrix, side, pixelsPerModule), { level: 3 })),
    end,
  ]);
}

const end = writeChunk('IEND', Buffer.alloc(0));
const filterNone = 0;
const filterUp = 2;

/** Black and white need no palette. */
function coloursOf(style: QrStyle | undefined): { colourType: number; palette: Buffer[] } {
  if (!style || (style.foreground === '#000000' && style.background.toLowerCase() === '#ffffff'))
    return { colourType: 0, palette: [] };
  const colours = Buffer.from([...readColour(style.foreground), ...readColour(style.background)]);
  return { colourType: 3, palette: [writeChunk('PLTE', colours)] };
}

function header(side: number, colourType: number): Buffer {
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(side, 0);
  ihdr.writeUInt32BE(side, 4);
  ihdr[8] = 1; // Bits a pixel.
  ihdr[9] = colourType;
  return ihdr;
}

/** The first line of each row of modules is plain; the others equal it, which filter Up writes as zeros. */
function scanlines(matrix: readonly boolean[][], side: number, scale: number): Buffer {
  const stride = 1 + Math.ceil(side / 8);
  const lines = Buffer.alloc(stride * side);
  for (const [y, row] of matrix.entries()) {
    const first = y * scale * stride;
    lines[first] = filterNone;
    for (let x = 0; x < side; x++) {
      if (row[Math.floor(x / scale)]) continue;
      const at = first + 1 + (x >> 3);
      lines[at] = (lines[at] ?? 0) | (0x80 >> (x & 7));
    }
    for (let i = 1; i < scale; i++) lines[first + i * stride] = filterUp;
  }
  return lines;
}
