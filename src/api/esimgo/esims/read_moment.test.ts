import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMoment } from './read_moment.ts';

const cases: [text: string, from: string, to: string][] = [
  ['2024-01-31', '2024-01-31T00:00:00.000Z', '2024-02-01T00:00:00.000Z'],
  ['2024-02-29T23:59:59Z', '2024-02-29T23:59:59.000Z', '2024-02-29T23:59:59.001Z'],
  ['2024-01-01T00:00:00.5+02:00', '2023-12-31T22:00:00.500Z', '2023-12-31T22:00:00.501Z'],
  ['2024-01-01T10:20', '2024-01-01T10:20:00.000Z', '2024-01-01T10:20:00.001Z'],
  ['2023-04-07T00:50:31.618780311Z', '2023-04-07T00:50:31.618Z', '2023-04-07T00:50:31.619Z'],
];
for (const [text, from, to] of cases)
  test(`${text} is a stretch of time`, () => {
    const read = readMoment(text);
    assert.deepEqual([read?.from.toISOString(), read?.to.toISOString()], [from, to]);
  });

for (const text of [
  '',
  'soon',
  '2024-02-30',
  '2024-13-01',
  '2024-02-31T10:00:00Z',
  '24-1-1',
  '2024-01-01T25:00:00Z',
  '1704067200',
])
  test(`${JSON.stringify(text)} is no time`, () => {
    assert.equal(readMoment(text), undefined);
  });
