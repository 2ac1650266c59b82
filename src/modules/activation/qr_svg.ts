// A QR code as SVG: one path on a ground, sharp at every size, a logo over the middle.
import { type LogoField, logoMatrix, qrMatrix } from './qr_matrix.ts';
import type { QrStyle } from './qr_style.ts';

/** SVG document of the QR code of `text`, black on white without a style. */
export function qrSvg(text: string, style?: QrStyle): string {
  const { matrix, field } = style?.logo ? logoMatrix(text) : { matrix: qrMatrix(text) };
  const side = matrix.length;
  const path = matrix
    .flatMap((row, y) => runs(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`))
    .join('');
  const ground = `width="${side}" height="${side}" fill="${style?.background ?? '#fff'}"`;
  const ink = style ? ` fill="${style.foreground}"` : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><rect ${ground}/><path${ink} d="${path}"/>${field && style?.logo ? logoOf(field, style.background, style.logo) : ''}</svg>`;
}

/** The logo on a ground that hides the modules below. */
function logoOf({ first, modules }: LogoField, background: string, logo: Buffer): string {
  const field = squareAt(first, modules);
  const picture = squareAt(first + margin, modules - 2 * margin);
  return `<rect ${field} fill="${background}"/><image ${picture} href="data:image/png;base64,${logo.toString('base64')}"/>`;
}

/** Free around the logo, in modules. */
const margin = 0.5;

function squareAt(place: number, side: number): string {
  return `x="${place}" y="${place}" width="${side}" height="${side}"`;
}

/** Start and length of each run of dark modules. */
function runs(row: readonly boolean[]): [start: number, length: number][] {
  const found: [number, number][] = [];
  for (const [x, dark] of row.entries()) {
    if (!dark) continue;
    const last = found.at(-1);
    if (last && last[0] + last[1] === x) last[1]++;
    else found.push([x, 1]);
  }
  return found;
}
