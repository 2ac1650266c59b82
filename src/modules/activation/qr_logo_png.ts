// A QR code with a logo in the middle, as PNG in true colour; error correction H makes up for what the logo hides.
import { deflateSync } from 'node:zlib';
import { type LogoPixels, logoPixels } from './logo_pixels.ts';
import { pngSignature, writeChunk } from './png/png_chunks.ts';
import { logoMatrix } from './qr_matrix.ts';
import { type QrStyle, readColour } from './qr_style.ts';

/** As `qrPng`, for a style with a logo. */
export function qrLogoPng(text: string, style: QrStyle & { logo: Buffer }, pixelsPerModule: number): Buffer {
  const { matrix, field } = logoMatrix(text);
  const { first, modules } = field;
  const pixels = logoPixels(style, { side: modules * pixelsPerModule, margin: pixelsPerModule >> 1 });
  const lines = drawModules(matrix, style, pixelsPerModule);
  drawField(lines, pixels, { at: first * pixelsPerModule, pixelsPerModule });
  return Buffer.concat([
    pngSignature,
    writeChunk('IHDR', header(matrix.length * pixelsPerModule)),
    writeChunk('IDAT', deflateSync(lines.bytes, { level: 3 })),
    writeChunk('IEND', Buffer.alloc(0)),
  ]);
}

const pixelBytes = 3;
const filterUp = 2;

function header(side: number): Buffer {
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(side, 0);
  ihdr.writeUInt32BE(side, 4);
  ihdr[8] = 8; // Bits a sample; colour type 2 is true colour.
  ihdr[9] = 2;
  return ihdr;
}

/** The lines of a PNG: each a byte for its filter, and three a pixel. */
type Lines = { bytes: Buffer; stride: number };

/** The first line of each row of modules is plain; the others equal it, which filter Up writes as zeros. */
function drawModules(matrix: readonly boolean[][], style: QrStyle, scale: number): Lines {
  const side = matrix.length * scale;
  const stride = 1 + side * pixelBytes;
  const bytes = Buffer.alloc(stride * side);
  const [dark, light] = [style.foreground, style.background].map((colour) =>
    Buffer.alloc(scale * pixelBytes, Buffer.from(readColour(colour))),
  ) as [Buffer, Buffer];
  for (const [y, row] of matrix.entries()) {
    const first = y * scale * stride;
    for (const [x, isDark] of row.entries())
      (isDark ? dark : light).copy(bytes, first + 1 + x * scale * pixelBytes);
    for (let i = 1; i < scale; i++) bytes[first + i * stride] = filterUp;
  }
  return { bytes, stride };
}

/** Puts the logo where it belongs, `at` pixels from the left and the top, in lines that are filtered as they are. */
function drawField(
  { bytes, stride }: Lines,
  { rgb, side }: LogoPixels,
  { at, pixelsPerModule }: { at: number; pixelsPerModule: number },
): void {
  const width = side * pixelBytes;
  for (let y = 0; y < side; y++) {
    const target = (at + y) * stride + 1 + at * pixelBytes;
    const source = y * width;
    const isPlain = y % pixelsPerModule === 0;
    for (let x = source; x < source + width; x++)
      bytes[target + x - source] = (rgb[x] ?? 0) - (isPlain ? 0 : (rgb[x - width] ?? 0));
  }
}
