// The modules of a QR code: error correction M, with the quiet zone of four modules that scanners need around it.
import { encodeQR } from 'qr';

/** Rows of dark (true) and light modules, quiet zone included. */
export function qrMatrix(text: string): boolean[][] {
  return encodeQR(text, 'raw', { ecc: 'medium', border: quietModules });
}

const quietModules = 4;
