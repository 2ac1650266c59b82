// QR codes as PNG per second on one core.
import { qrMatrix } from '../src/modules/activation/qr_matrix.ts';
import { qrPng } from '../src/modules/activation/qr_png.ts';
import type { Bench } from './support/bench.ts';
import { median } from './support/numbers.ts';
import { printTable } from './support/table.ts';

const pictures = 2_000;

export const benchQrCodes: Bench = async ({ runs }) => {
  const cpuUs = { matrix: [] as number[], png: [] as number[] };
  for (let run = 0; run <= runs; run++) {
    const measured = { matrix: cpuUsOf(qrMatrix), png: cpuUsOf(qrPng) };
    if (run === 0) continue;
    cpuUs.matrix.push(measured.matrix);
    cpuUs.png.push(measured.png);
  }
  const [matrix, png] = [median(cpuUs.matrix), median(cpuUs.png)];
  printTable({
    title: 'QR codes as PNG, one core',
    head: ['per second', 'CPU µs', 'of it the matrix', 'bytes'],
    rows: [[1_000_000 / png, png, matrix, qrPng(activationCode(0)).length]],
  });
};

function cpuUsOf(make: (text: string) => unknown): number {
  const before = process.cpuUsage();
  for (let count = 0; count < pictures; count++) make(activationCode(count));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / pictures;
}

function activationCode(count: number): string {
  return `LPA:1$smdp.example.com$${String(count).padStart(5, 'A')}-BCDEF-GHJKL-MNPQR`;
}
