import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { openEsimGo } from '../test_esimgo.ts';
import { bundleName, shopper } from './test_shopper.ts';

const door = await openEsimGo(await testDatabase(), { stock: 5 });
const { call } = door;
const { iccid } = await shopper(door).buyOne();

const refused: [query: string, message: RegExp][] = [
  ['limit=0', /limit: give a whole number from 1 to 200/],
  ['limit=201', /limit/],
  ['limit=ten', /limit/],
  ['limit=1&limit=2', /limit/],
  ['includeUsed=perhaps', /includeUsed: give true or false/],
];
for (const [query, message] of refused)
  test(`${query} is refused`, async () => {
    const { status, body } = await call('GET', `/esims/${iccid}/bundles`, { query });
    assert.equal(status, 400);
    assert.match(body.message, message);
  });

test('a bundle that was never on the eSIM has no assignments', async () => {
  for (const name of ['nothing', bundleName.toLowerCase(), encodeURIComponent('a/b ü'), 'x'.repeat(90)]) {
    const { status, body } = await call('GET', `/esims/${iccid}/bundles/${name}`);
    assert.deepEqual([status, body.reason], [400, 'unknown_assignment']);
  }
});
