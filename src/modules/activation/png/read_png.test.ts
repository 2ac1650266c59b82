import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { type Picture, readPng } from './read_png.ts';
import { scalePicture } from './scale_picture.ts';
import { type TestPng, testLogo, testPng } from './test_png.ts';

const random = (width: number, height: number) => Array.from({ length: height }, () => randomBytes(width));
const pixelsOf = ({ rgba, width }: Picture) =>
  Array.from({ length: rgba.length / 4 }, (_, index) => [
    Math.floor(index / width),
    ...rgba.subarray(index * 4, index * 4 + 4),
  ]);

test('eight bits of each colour and opacity are read as they are, through every filter', () => {
  for (const filter of [0, 1, 2, 3, 4, undefined]) {
    const lines = random(7 * 4, 11);
    const picture = readPng(testPng({ width: 7, lines, ...(filter !== undefined && { filter }) }), 1024);
    assert.deepEqual([picture.width, picture.height], [7, 11]);
    assert.deepEqual(Buffer.from(picture.rgba), Buffer.concat(lines));
  }
});

const palette = Buffer.from([1, 2, 3, 40, 50, 60, 200, 210, 220]);
const cases: [name: string, picture: TestPng, pixels: number[][]][] = [
  [
    'grey',
    { colourType: 0, width: 2, lines: [Buffer.from([0, 200])] },
    [
      [0, 0, 0, 255],
      [200, 200, 200, 255],
    ],
  ],
  [
    'grey of one bit',
    { colourType: 0, depth: 1, width: 3, lines: [Buffer.from([0b01000000])] },
    [
      [0, 0, 0, 255],
      [255, 255, 255, 255],
      [0, 0, 0, 255],
    ],
  ],
  [
    'grey of two bits',
    { colourType: 0, depth: 2, width: 2, lines: [Buffer.from([0b01100000])] },
    [
      [85, 85, 85, 255],
      [170, 170, 170, 255],
    ],
  ],
  [
    'grey of sixteen bits',
    { colourType: 0, depth: 16, width: 1, lines: [Buffer.from([0x80, 0x80])] },
    [[128, 128, 128, 255]],
  ],
  [
    'grey with one clear level',
    { colourType: 0, width: 2, lines: [Buffer.from([7, 8])], chunks: { tRNS: Buffer.from([0, 8]) } },
    [
      [7, 7, 7, 255],
      [8, 8, 8, 0],
    ],
  ],
  ['grey with opacity', { colourType: 4, width: 1, lines: [Buffer.from([9, 77])] }, [[9, 9, 9, 77]]],
  ['colours', { colourType: 2, width: 1, lines: [Buffer.from([1, 2, 3])] }, [[1, 2, 3, 255]]],
  [
    'colours of sixteen bits',
    { colourType: 2, depth: 16, width: 1, lines: [Buffer.from([255, 255, 0, 0, 0, 128])] },
    [[255, 0, 0, 255]],
  ],
  [
    'a clear colour',
    {
      colourType: 2,
      width: 2,
      lines: [Buffer.from([1, 2, 3, 1, 2, 4])],
      chunks: { tRNS: Buffer.from([0, 1, 0, 2, 0, 4]) },
    },
    [
      [1, 2, 3, 255],
      [1, 2, 4, 0],
    ],
  ],
  [
    'a palette of four bits, its first colour half clear',
    {
      colourType: 3,
      depth: 4,
      width: 3,
      lines: [Buffer.from([0x20, 0x10])],
      chunks: { PLTE: palette, tRNS: Buffer.from([128]) },
    },
    [
      [200, 210, 220, 255],
      [1, 2, 3, 128],
      [40, 50, 60, 255],
    ],
  ],
];
for (const [name, picture, pixels] of cases) {
  test(`${name}: read into red, green, blue and opacity`, () => {
    assert.deepEqual(
      pixelsOf(readPng(testPng(picture), 1024)),
      pixels.map((pixel) => [0, ...pixel]),
    );
  });
}

const good = testLogo(3, 3, () => [1, 2, 3, 4]);
const changed = (at: number) => {
  const copy = Buffer.from(good);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};
const line = (length: number) => [Buffer.alloc(length)];
const refused: [name: string, png: Buffer, words: RegExp][] = [
  ['nothing', Buffer.alloc(0), /no PNG/],
  ['a JPEG', Buffer.from('ffd8ffe000104a46494600010100', 'hex'), /no PNG/],
  ['a picture cut off', good.subarray(0, -1), /cut off/],
  ['a picture without its end', good.subarray(0, -12), /cut off/],
  ['a length beyond the end', Buffer.concat([good.subarray(0, 8), Buffer.alloc(12, 0xff)]), /cut off/],
  ['bytes behind the end', Buffer.concat([good, Buffer.from([0])]), /follows its end/],
  ['a changed byte in the header', changed(17), /checksum/],
  ['a changed byte in the pixels', changed(good.length - 20), /checksum/],
  ['only an end', Buffer.concat([good.subarray(0, 8), good.subarray(-12)]), /begin with its header/],
  ['no width', testPng({ width: 1, lines: line(4), header: { width: 0 } }), /1 to 1024 pixels/],
  ['more pixels than allowed', testPng({ width: 1025, lines: line(4100) }), /1 to 1024 pixels/],
  ['a height of billions', testPng({ width: 1, lines: line(4), header: { height: 4e9 } }), /1 to 1024/],
  ['interlacing', testPng({ width: 1, lines: line(4), header: { interlace: 1 } }), /interlaced/],
  [
    'a depth that its colours cannot have',
    testPng({ colourType: 2, depth: 4, width: 1, lines: line(2) }),
    /header/,
  ],
  ['an unknown colour type', testPng({ colourType: 5, width: 1, lines: line(4) }), /header/],
  ['an unknown filter', testPng({ width: 1, lines: line(4), filter: 9 }), /filter/],
  [
    'fewer pixels than the header says',
    testPng({ width: 1, lines: line(4), header: { height: 2 } }),
    /pixels/,
  ],
  [
    'more pixels than the header says',
    testPng({ width: 1, lines: [...line(4), ...line(4)], header: { height: 1 } }),
    /pixels/,
  ],
  ['no palette', testPng({ colourType: 3, width: 1, lines: line(1) }), /palette/],
  [
    'a colour that is not in the palette',
    testPng({ colourType: 3, width: 1, lines: [Buffer.from([3])], chunks: { PLTE: palette } }),
    /palette/,
  ],
  [
    'a transparency of another kind',
    testPng({ colourType: 2, width: 1, lines: line(3), chunks: { tRNS: Buffer.alloc(2) } }),
    /transparency/,
  ],
  [
    'an unknown part that matters',
    testPng({ width: 1, lines: line(4), chunks: { ABCD: Buffer.alloc(1) } }),
    /unknown/,
  ],
];
for (const [name, png, words] of refused) {
  test(`${name} is refused, saying why`, () => {
    assert.throws(() => readPng(png, 1024), { code: 'invalid_request', detail: words });
  });
}

test('a part that does not matter is passed over', () => {
  const png = testPng({ width: 1, lines: line(4), chunks: { tEXt: Buffer.from('by\0me') } });
  assert.equal(readPng(png, 1024).width, 1);
});

test('scaling keeps proportions and means, and clear pixels lend no colour', () => {
  const wide = readPng(
    testLogo(8, 4, (x) => (x % 2 ? [255, 0, 0, 255] : [0, 255, 0, 0])),
    1024,
  );
  const small = scalePicture(wide, 4);
  assert.deepEqual([small.width, small.height], [4, 2]);
  for (const pixel of pixelsOf(small)) assert.deepEqual(pixel.slice(1), [255, 0, 0, 127]);
  const large = scalePicture(wide, 16);
  assert.deepEqual(
    [large.width, large.height, ...large.rgba.subarray(0, 12)],
    [16, 8, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 255],
  );
});
