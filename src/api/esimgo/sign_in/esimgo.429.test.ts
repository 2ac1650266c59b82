import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { testCore } from '../../http/test_stock.ts';
import { openEsimGo } from '../test_esimgo.ts';
import { openThings, type Things } from '../wire/test_things.ts';

const perSecond = 5;
const database = await testDatabase();
const door = await openEsimGo(database, { stock: 0 });
// Each has a core of its own, as two nodes have.
const [one, other, unlimited] = [perSecond, perSecond, 0].map((esimGoRequestsPerSecond) => {
  const { core } = testCore(database, { esimGoRequestsPerSecond });
  return openThings({ core, account: door.account });
}) as [Things, Things, Things];

const newKey = async () => (await door.newKey(['read'])).secret;
const get = (node: Things, key: string) => node.call('GET', '/things', { headers: { 'x-api-key': key } });

test('two nodes together let a key make its requests, and say to the others when to come back', async () => {
  const key = await newKey();
  const since = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, n) => get(n % 2 === 0 ? one : other, key)),
  );
  const refilledMax = Math.ceil(((performance.now() - since) / 1000) * perSecond);
  const [allowed, refused] = [200, 429].map((each) => answers.filter(({ status }) => status === each));
  assert.equal((allowed?.length ?? 0) + (refused?.length ?? 0), 60);
  assert.ok((allowed?.length ?? 0) >= perSecond);
  assert.ok((allowed?.length ?? 0) <= perSecond + refilledMax, `${allowed?.length} were allowed`);
  for (const { body, headers } of refused ?? []) {
    assert.deepEqual(Object.keys(body), ['message']);
    assert.match(body.message, /5 in a second/);
    assert.equal(headers['retry-after'], '1');
  }
});

test('a key that waited as it was told is let in again, and another one was never kept out', async () => {
  const [key, patient] = [await newKey(), await newKey()];
  while ((await get(one, key)).status === 200);
  assert.equal((await get(one, patient)).status, 200);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  assert.equal((await get(other, key)).status, 200);
});

test('a request that is refused for its scope is one of them, one without a key is nobody’s', async () => {
  const key = await newKey();
  for (;;) {
    const { status } = await one.call('POST', '/things', { headers: { 'x-api-key': key } });
    if (status === 429) break;
    assert.equal(status, 403);
  }
  for (let n = 0; n < 2 * perSecond; n++) assert.equal((await get(one, '')).status, 403);
});

test('without a limit nobody is kept out', async () => {
  const key = await newKey();
  const answers = await Promise.all(Array.from({ length: 60 }, () => get(unlimited, key)));
  assert.ok(answers.every(({ status }) => status === 200));
});
