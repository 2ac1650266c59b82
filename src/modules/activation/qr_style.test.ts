import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { faultsOfStyle, type QrStyle, qrPng, qrSvg } from './index.ts';
import { readChunks } from './png/png_chunks.ts';
import { readPng } from './png/read_png.ts';
import { testLogo, testPng } from './png/test_png.ts';
import { logoMatrix } from './qr_matrix.ts';

const black: QrStyle = { foreground: '#000000', background: '#ffffff', logo: null };
const code = 'LPA:1$smdp.example.com$ABCDE-FGHJK-LMNPQ-RSTUV';
const zbarimg = spawnSync('zbarimg', ['--version']).status === 0;

const logos: Record<string, Buffer | null> = {
  none: null,
  'a disc with a shade': testLogo(300, 300, (x, y) => [
    x & 255,
    y & 255,
    128,
    Math.hypot(x - 150, y - 150) < 145 ? 255 : 0,
  ]),
  'a black square': testLogo(64, 64, () => [0, 0, 0, 255]),
  'a white square': testLogo(20, 20, () => [255, 255, 255, 255]),
  'noise, as large as allowed': testLogo(1024, 40, (x, y) => {
    const value = Math.imul(x * 31 + y, 2_654_435_761) >>> 24;
    return [value, value ^ 255, value ^ 85, 255];
  }),
  'the corner of a QR code': testLogo(70, 70, (x, y) => {
    const ring = Math.max(Math.abs(x - 34.5), Math.abs(y - 34.5));
    return [...[0, 0, 0].fill(ring < 15 || ring > 25 ? 0 : 255), 255];
  }),
  'waves of grey': testLogo(100, 100, (x, y) => {
    const shade = 127 + 127 * Math.sin(x / 8) * Math.cos(y / 5 + x / 20);
    return [shade, shade, shade, 255];
  }),
  'a tall bar, half clear': testLogo(10, 900, () => [200, 0, 0, 128]),
  'a chess board of modules': testLogo(80, 80, (x, y) => [
    ...[0, 0, 0].fill(((x >> 3) + (y >> 3)) % 2 ? 255 : 0),
    255,
  ]),
};
const colours: [string, string][] = [
  ['#000000', '#ffffff'],
  ['#1a3c8c', '#fff4dd'],
  ['#767676', '#ffffff'],
  ['#c00000', '#ffffff'],
  ['#000000', '#757575'],
  ['#00005a', '#ff9a3c'],
  ['#4b0082', '#00ff7f'],
];

test('200 random codes decode in every mixture of logo, colours and size', {
  skip: !zbarimg && 'zbarimg is not there: apt-get install zbar-tools',
}, () => {
  const styles = Object.values(logos).flatMap((logo) =>
    colours.map(([foreground, background]) => ({ foreground, background, logo })),
  );
  const made = Array.from({ length: 200 }, (_, index) => {
    const style = styles[index % styles.length]!;
    const text = randomCode();
    return { text, png: qrPng(text, style, [3, 4, 10][index % 3]) };
  });
  assert.deepEqual(
    decodeAll(made.map(({ png }) => png)),
    made.map(({ text }) => text),
  );
});

test('without a style, and in black on white, the picture is the same to the byte, one bit a pixel', () => {
  assert.deepEqual(qrPng(code, black), qrPng(code));
  const [header, pixels] = readChunks(qrPng(code));
  assert.equal(header?.data.subarray(8).toString('hex'), '0100000000');
  const lines = createHash('sha256').update(inflateSync(pixels!.data)).digest('hex');
  assert.equal(lines, '428b51be7d754920dcf0796e1c262c30c964040e2d3789114eaaac8313721ee8');
  assert.equal(
    createHash('sha256').update(qrSvg(code)).digest('hex'),
    'a00ba003e3bdc61f0a1113e37ec5dacd4979872db12ebc37bbfc8cc00326d385',
  );
});

test('colours are those asked for, at the cost of no byte a pixel', () => {
  const [header, palette] = readChunks(
    qrPng(code, { ...black, foreground: '#112233', background: '#eeeedd' }),
  );
  assert.deepEqual([header?.data[8], header?.data[9]], [1, 3]);
  assert.equal(palette?.data.toString('hex'), '112233eeeedd');
  const svg = qrSvg(code, { ...black, foreground: '#112233', background: '#eeeedd' });
  assert.match(svg, /<rect [^>]*fill="#eeeedd"\/><path fill="#112233"/);
});

test('a logo stands in the middle of a light field of at most a fifth of the width, whole modules of it', () => {
  const logo = testLogo(5, 5, () => [255, 0, 0, 255]);
  for (const text of ['LPA:1$a.example$X', code, `LPA:1$${'long.'.repeat(30)}example$X`]) {
    const {
      matrix,
      field: { first, modules },
    } = logoMatrix(text);
    assert.equal(first * 2 + modules, matrix.length);
    assert.ok(modules >= 3 && modules <= (matrix.length - 8) / 5);
    const scale = 10;
    const { rgba, width } = readPng(qrPng(text, { ...black, logo }, scale), 4_000);
    assert.equal(width, matrix.length * scale);
    for (let y = 0; y < width; y += 5)
      for (let x = 0; x < width; x += 5) {
        const inside = (place: number, margin: number) =>
          place >= first * scale + margin && place < (first + modules) * scale - margin;
        const dark = matrix[Math.floor(y / scale)]?.[Math.floor(x / scale)];
        const expected =
          inside(x, 5) && inside(y, 5)
            ? [255, 0, 0]
            : inside(x, 0) && inside(y, 0)
              ? [255, 255, 255]
              : dark
                ? [0, 0, 0]
                : [255, 255, 255];
        assert.deepEqual(
          [...rgba.subarray((y * width + x) * 4, (y * width + x) * 4 + 3)],
          expected,
          `${x} ${y}`,
        );
      }
  }
});

test('the SVG shows the modules of the PNG, and the logo where it is there', () => {
  const logo = logos['a black square']!;
  const svg = qrSvg(code, { foreground: '#112233', background: '#eeeedd', logo });
  const {
    matrix,
    field: { first, modules },
  } = logoMatrix(code);
  const dark = [...svg.matchAll(/h(\d+)v1h-/g)].reduce((sum, [, length]) => sum + Number(length), 0);
  assert.equal(dark, matrix.flat().filter(Boolean).length);
  assert.ok(
    svg.includes(`<rect x="${first}" y="${first}" width="${modules}" height="${modules}" fill="#eeeedd"/>`),
  );
  assert.ok(
    svg.includes(
      `<image x="${first + 0.5}" y="${first + 0.5}" width="${modules - 1}" height="${modules - 1}" href="data:image/png;base64,${logo.toString('base64')}"/>`,
    ),
  );
});

test('a logo that is used again looks the same, also after more others than are held', () => {
  const style = { ...black, logo: logos['a disc with a shade']! };
  const picture = qrPng(code, style);
  for (let shade = 0; shade < 80; shade++)
    qrPng(code, { ...black, logo: testLogo(2, 2, () => [shade, 0, 0, 255]) }, 40);
  assert.deepEqual(qrPng(code, { ...style, logo: Buffer.from(style.logo) }), picture);
  assert.notDeepEqual(qrPng(code, { ...style, background: '#ffffee' }), picture);
});

const faulty: [name: string, style: Partial<QrStyle>, fields: string[]][] = [
  ['no colours', { foreground: 'red', background: '#fff' }, ['foreground', 'background']],
  ['markup as a colour', { foreground: '#000000"/>' }, ['foreground']],
  ['too little contrast', { foreground: '#777777' }, ['foreground']],
  ['light on dark', { foreground: '#ffffff', background: '#000000' }, ['foreground']],
  ['a logo that is no PNG', { logo: Buffer.from('GIF89a') }, ['logo']],
  ['a logo of too many bytes', { logo: Buffer.alloc(256 * 1024 + 1) }, ['logo']],
  ['a logo of too many pixels', { logo: testPng({ width: 1025, lines: [Buffer.alloc(4100)] }) }, ['logo']],
];
for (const [name, style, fields] of faulty) {
  test(`${name}: named by its field`, () => {
    assert.deepEqual(
      faultsOfStyle({ ...black, ...style }).map(({ field }) => field),
      fields,
    );
  });
}

test('every style of these tests is one that is let through', () => {
  for (const logo of Object.values(logos))
    for (const [foreground, background] of colours)
      assert.deepEqual(faultsOfStyle({ foreground, background, logo }), []);
});

const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

function randomCode(): string {
  const group = () => Array.from({ length: 5 }, () => alphabet[randomInt(32)]).join('');
  const host = `${group().toLowerCase()}.`.repeat(randomInt(1, 16));
  return `LPA:1$${host}example.com$${group()}-${group()}-${group()}-${group()}${randomInt(2) ? '$$1' : ''}`;
}

function decodeAll(pictures: readonly Buffer[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'overair-qr-'));
  const files = pictures.map((png, index) => {
    const file = join(folder, `${index}.png`);
    writeFileSync(file, png);
    return file;
  });
  const { stdout } = spawnSync('zbarimg', ['--quiet', '--raw', ...files], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return stdout.trimEnd().split('\n');
}
