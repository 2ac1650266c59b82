import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import decodeQR from 'qr/decode.js';
import { installLinks, qrPng, qrSvg, qrTerminal } from './index.ts';
import { qrMatrix } from './qr_matrix.ts';

const codes = [
  'LPA:1$smdp.example.com$ABCDE-FGHJK-LMNPQ-RSTUV',
  'LPA:1$a.example$X$$1',
  `LPA:1$${'long-name.'.repeat(12)}example.com$${'A'.repeat(100)}`,
];
const zbarimg = spawnSync('zbarimg', ['--version']).status === 0;

test('a QR picture decodes to exactly the code it was made from', {
  skip: !zbarimg && 'zbarimg is not there: apt-get install zbar-tools',
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'overair-qr-'));
  for (const code of codes) {
    writeFileSync(join(folder, 'qr.png'), qrPng(code));
    const { stdout } = spawnSync('zbarimg', ['--quiet', '--raw', join(folder, 'qr.png')], {
      encoding: 'utf8',
    });
    assert.equal(stdout.trim(), code);
  }
  rmSync(folder, { recursive: true });
});

test('PNG, SVG and terminal show the same modules, dark on light, with the quiet zone', () => {
  for (const code of codes) {
    const matrix = qrMatrix(code);
    assert.equal(decodeQR(rgbaOf(matrix)), code);
    assert.equal(qrPng(code).readUInt32BE(16), matrix.length * 10);
    const dark = [...qrSvg(code).matchAll(/h(\d+)v1h-/g)].reduce(
      (sum, [, length]) => sum + Number(length),
      0,
    );
    assert.equal(dark, matrix.flat().filter(Boolean).length);
    assert.equal(qrTerminal(code).split('\n').length, Math.ceil(matrix.length / 2));
    assert.ok(
      matrix
        .slice(0, 4)
        .flat()
        .every((module) => !module),
    );
  }
});

test('installer links carry the whole code, encoded', () => {
  const { ios, android } = installLinks('LPA:1$smdp.example.com$A-B');
  assert.equal(new URL(ios).searchParams.get('carddata'), 'LPA:1$smdp.example.com$A-B');
  assert.equal(new URL(android).searchParams.get('carddata'), 'LPA:1$smdp.example.com$A-B');
});

/** The picture as the decoder of the same library takes it: four bytes a pixel, four pixels a module. */
function rgbaOf(matrix: boolean[][]): { width: number; height: number; data: Uint8Array } {
  const scale = 4;
  const side = matrix.length * scale;
  const data = new Uint8Array(side * side * 4);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      data.set(
        matrix[Math.floor(y / scale)]?.[Math.floor(x / scale)] ? [0, 0, 0, 255] : [255, 255, 255, 255],
        (y * side + x) * 4,
      );
  return { width: side, height: side, data };
}
