import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { shopper } from '../bundles/test_shopper.ts';
import { type Method, openEsimGo } from '../test_esimgo.ts';

const door = await openEsimGo(await testDatabase());
const { iccid } = await shopper(door).buyOne();
const { secret: key } = await door.newKey(['read']);

const changes: [method: Method, path: string, body?: object][] = [
  ['PUT', '/esims', { iccid, customerRef: 'x' }],
  ['DELETE', `/esims/${iccid}`],
  ['GET', `/esims/${iccid}/refresh`],
  ['POST', `/esims/${iccid}/sms`, { message: 'x' }],
  ['POST', `/esims/${iccid}/suspend`, { suspend: true }],
];
for (const [method, path, body] of changes)
  test(`a key that may only read is refused ${method} ${path.replace(iccid, '{iccid}')}`, async () => {
    const answer = await door.call(method, path, { key, body });
    assert.deepEqual([answer.status, answer.body.scope], [403, 'lines:write']);
  });

test('a key that may only read looks at eSIMs', async () => {
  for (const path of ['/esims', `/esims/${iccid}`, `/esims/${iccid}/history`, `/esims/${iccid}/suspend`])
    assert.equal((await door.call('GET', path, { key })).status, 200);
});
