// A logo as it stands in a QR picture: scaled to its field, on the colour of the light modules; held, since one logo is in many.
import { createHash } from 'node:crypto';
import { type Picture, readPng } from './png/read_png.ts';
import { scalePicture } from './png/scale_picture.ts';
import { logoSideMax, type QrStyle, readColour } from './qr_style.ts';

/** Three bytes a pixel, `side` pixels a line and as many lines. */
export type LogoPixels = { rgb: Buffer; side: number };

/** The field, `margin` pixels of it left free on each side. Unpacking a large logo takes 30 ms, finding a held one 1 µs. */
export function logoPixels(
  style: QrStyle & { logo: Buffer },
  { side, margin }: { side: number; margin: number },
): LogoPixels {
  const key = `${digestOf(style.logo)} ${style.background} ${side} ${margin}`;
  const known = held.get(key);
  // What is asked for again is the youngest again.
  if (known) held.delete(key);
  const pixels = known ?? drawLogo(style, side, margin);
  held.set(key, pixels);
  heldBytes += known ? 0 : pixels.rgb.length;
  dropOldest();
  return pixels;
}

const held = new Map<string, LogoPixels>();
const heldBytesMax = 16 * 1024 * 1024;
let heldBytes = 0;

function dropOldest(): void {
  for (const [key, { rgb }] of held) {
    if (heldBytes <= heldBytesMax) return;
    held.delete(key);
    heldBytes -= rgb.length;
  }
}

const digests = new WeakMap<Buffer, string>();

/** Once for the same buffer, which all pictures of an archive share. */
function digestOf(logo: Buffer): string {
  const digest = digests.get(logo) ?? createHash('sha256').update(logo).digest('base64');
  digests.set(logo, digest);
  return digest;
}

function drawLogo(
  { logo, background }: QrStyle & { logo: Buffer },
  side: number,
  margin: number,
): LogoPixels {
  const scaled = scalePicture(readPng(logo, logoSideMax), side - 2 * margin);
  const ground = Buffer.from(readColour(background));
  const rgb = Buffer.alloc(side * side * 3, ground);
  const left = (side - scaled.width) >> 1;
  const top = (side - scaled.height) >> 1;
  for (let y = 0; y < scaled.height; y++)
    for (let x = 0; x < scaled.width; x++)
      lay(rgb, ((top + y) * side + left + x) * 3, scaled, (y * scaled.width + x) * 4);
  return { rgb, side };
}

/** Lays a pixel over the one that is there, by its opacity. */
function lay(rgb: Buffer, at: number, { rgba }: Picture, from: number): void {
  const opacity = (rgba[from + 3] ?? 0) / 255;
  for (let i = 0; i < 3; i++)
    rgb[at + i] = Math.round((rgba[from + i] ?? 0) * opacity + (rgb[at + i] ?? 0) * (1 - opacity));
}
