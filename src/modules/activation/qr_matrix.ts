// The modules of a QR code, with the quiet zone of four modules that scanners need around it.
import { type ErrorCorrection, encodeQR } from 'qr';

/** Rows of dark (true) and light modules, quiet zone included; error correction M. */
export function qrMatrix(text: string): boolean[][] {
  return encodeQR(text, 'raw', { ecc: 'medium', border: quietModules });
}

const quietModules = 4;

/**
 * As `qrMatrix`, for a picture whose middle a logo hides: error correction H, or Q where the text is a little too long
 * for version 6 with H. Versions 7 to 13 have an alignment pattern in the middle, in place of which decoders take what
 * they find in the logo: zbarimg could not read 82 of 540 such pictures with all kinds of logos, and reads all of these.
 */
export function logoMatrix(text: string): { matrix: boolean[][]; field: LogoField } {
  const small = smallMatrix(text, 'high') ?? smallMatrix(text, 'quartile');
  const matrix = small ?? largeMatrix(text);
  return { matrix, field: fieldOf(matrix) };
}

function smallMatrix(text: string, ecc: ErrorCorrection): boolean[][] | undefined {
  const matrix = encodeQR(text, 'raw', { ecc, border: quietModules });
  return matrix.length <= sideOf(6) ? matrix : undefined;
}

/** Version 14 or one larger, whose alignment patterns are all outside of the middle. */
function largeMatrix(text: string): boolean[][] {
  const matrix = encodeQR(text, 'raw', { ecc: 'high', border: quietModules });
  if (matrix.length >= sideOf(14)) return matrix;
  return encodeQR(text, 'raw', { ecc: 'high', version: 14, border: quietModules });
}

/** Modules of a side of this version, quiet zone included. */
function sideOf(version: number): number {
  return 17 + 4 * version + 2 * quietModules;
}

/** The square in the middle that a logo hides, in modules: how wide it is, and its first column and row. */
export type LogoField = { modules: number; first: number };

/** At most a fifth of the width of what is printed, and as many modules left as right of it. */
function fieldOf(matrix: readonly boolean[][]): LogoField {
  const printed = matrix.length - 2 * quietModules;
  const most = Math.floor(printed / 5);
  const modules = most % 2 === printed % 2 ? most : most - 1;
  return { modules, first: (matrix.length - modules) / 2 };
}
