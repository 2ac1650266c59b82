// How a QR picture may look: only what cameras read is let through.
import { AppError, type FieldError } from '../../base/app_error.ts';
import { readPng } from './png/read_png.ts';

export type QrStyle = {
  /** Of the dark modules, `#rrggbb`. */
  foreground: string;
  /** Of the light modules, `#rrggbb`. */
  background: string;
  /** A PNG for the middle. */
  logo: Buffer | null;
};

export const logoBytesMax = 256 * 1024;
export const logoSideMax = 1024;

/** WCAG 2: what text needs; Debian's zbarimg and phones read less, on paper in bad light. */
const contrastMin = 4.5;

/** What a style cannot be, by field; nothing when it is good. */
export function faultsOfStyle({ foreground, background, logo }: QrStyle): FieldError[] {
  return [...faultsOfColours(foreground, background), ...faultsOfLogo(logo)];
}

/** `#rrggbb` as red, green and blue of 0 to 255. */
export function readColour(text: string): [red: number, green: number, blue: number] {
  const value = Number.parseInt(text.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function faultsOfColours(foreground: string, background: string): FieldError[] {
  const faults = Object.entries({ foreground, background })
    .filter(([, colour]) => !/^#[0-9a-f]{6}$/i.test(colour))
    .map(([field]) => ({ field, detail: 'give a colour as #rrggbb' }));
  if (faults.length > 0) return faults;
  const contrast = (luminance(background) + 0.05) / (luminance(foreground) + 0.05);
  if (contrast >= contrastMin) return [];
  const detail = `give a darker one, or a lighter background: the contrast is ${contrast.toFixed(2)}, and ${contrastMin} is needed`;
  return [{ field: 'foreground', detail }];
}

/** WCAG 2, relative luminance: 0 for black to 1 for white. */
function luminance(colour: string): number {
  const [red, green, blue] = readColour(colour).map((level) => {
    const share = level / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function faultsOfLogo(logo: Buffer | null): FieldError[] {
  if (logo === null) return [];
  if (logo.length > logoBytesMax) return [{ field: 'logo', detail: `give at most ${logoBytesMax} bytes` }];
  try {
    readPng(logo, logoSideMax);
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [{ field: 'logo', detail: error.detail }];
  }
}
