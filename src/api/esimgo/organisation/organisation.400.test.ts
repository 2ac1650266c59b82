import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAccount, scopes } from '../../../modules/accounts/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { newTestKey } from '../../http/test_stock.ts';
import { openEsimGo } from '../test_esimgo.ts';

const { account, foreign, ctx, newKey, call } = await openEsimGo(await testDatabase());
const post = (query: string, options: { key?: string; headers?: Record<string, string> } = {}) =>
  call('POST', '/organisation/balance', { query, ...options });
const balance = async (key = account.secret) => (await call('GET', '/organisation', { key })).body.balance;

const refused: [query: string, message: RegExp][] = [
  ['', /amount.*from 1000 to 5000/],
  ['amount=', /amount.*from 1000 to 5000/],
  ['amount=999', /amount.*from 1000 to 5000/],
  ['amount=5001', /amount.*from 1000 to 5000/],
  ['amount=-1000', /amount/],
  ['amount=1000.50', /amount.*whole number/],
  ['amount=lots', /amount.*whole number/],
  ['amount=1000&amount=2000', /amount/],
];
for (const [query, message] of refused) {
  test(`a top-up of ${query || 'nothing'} is refused and changes nothing`, async () => {
    const { status, body } = await post(query);
    assert.equal(status, 400);
    assert.match(body.message, message);
    assert.equal(await balance(), 100);
  });
}

test('more than a day lets in is refused, and what is left still comes in', async () => {
  const key = foreign.secret;
  assert.equal((await post('amount=4000', { key })).status, 200);
  const { status, body } = await post('amount=1001', { key });
  assert.equal(status, 400);
  assert.match(body.message, /At most 5000\.00 USD.*1000\.00 USD are left/);
  assert.equal((await post('amount=1000', { key })).status, 200);
  assert.equal(await balance(key), 5_000);
});

test('an Idempotency-Key that came with another amount is refused', async () => {
  const headers = { 'Idempotency-Key': 'once' };
  assert.equal((await post('amount=1000', { headers })).status, 200);
  const { status, body } = await post('amount=2000', { headers });
  assert.equal(status, 400);
  assert.match(body.message, /Idempotency-Key/);
});

test('a live account cannot top up by itself, and is told who can', async () => {
  const live = await createAccount(ctx, { name: 'Live', kind: 'live', currency: 'USD' });
  const { secret: key } = await newTestKey(ctx, live, scopes);
  const { status, body } = await post('amount=1000', { key });
  assert.equal(status, 400);
  assert.match(body.message, /who runs this platform/);
  const shown = (await call('GET', '/organisation', { key })).body;
  assert.deepEqual([shown.balance, shown.testCredit], [0, 0]);
});

test('a key that may only read cannot top up', async () => {
  const { secret: key } = await newKey(['read']);
  const { status, body } = await post('amount=1000', { key });
  assert.deepEqual([status, body.reason, body.scope], [403, 'missing_scope', 'orders:write']);
});
