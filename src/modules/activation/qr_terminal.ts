// A QR code as text for a terminal: half blocks, two rows of modules a line, dark on light whatever the theme.
import { qrMatrix } from './qr_matrix.ts';

/** Lines of text with ANSI colours that show the QR code of `text`. */
export function qrTerminal(text: string): string {
  const matrix = qrMatrix(text);
  const lines: string[] = [];
  for (let y = 0; y < matrix.length; y += 2) {
    const upper = matrix[y] ?? [];
    const lower = matrix[y + 1] ?? [];
    const blocks = upper.map((dark, x) => halfBlocks[Number(!dark) * 2 + Number(!lower[x])]).join('');
    lines.push(`\u001b[38;5;231;48;5;16m${blocks}\u001b[0m`);
  }
  return lines.join('\n');
}

// By (upper is light, lower is light); light is the foreground colour.
const halfBlocks = [' ', '▄', '▀', '█'];
