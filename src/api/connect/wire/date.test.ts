import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDate, writeDate } from './date.ts';
import { malformedDates } from './test_dates.ts';

for (const [text, iso] of [
  ['2019-09-13T12:00:00Z', '2019-09-13T12:00:00Z'],
  ['2020-04-24T15:39:02.002Z', '2020-04-24T15:39:02Z'],
  ['2020-02-29T23:59:59+0000', '2020-02-29T23:59:59Z'],
  ['2019-09-13T12:00:00+0200', '2019-09-13T10:00:00Z'],
  ['2019-09-13T12:00:00-05:30', '2019-09-13T17:30:00Z'],
  ['2019-09-13T12:00:00 0200', '2019-09-13T10:00:00Z'],
] as const)
  test(`${text} is ${iso}`, () => {
    const date = readDate(text);
    assert.ok(date);
    assert.equal(writeDate(date), iso);
  });

for (const text of malformedDates)
  test(`${text} is no date`, () => {
    assert.equal(readDate(text), undefined);
  });
