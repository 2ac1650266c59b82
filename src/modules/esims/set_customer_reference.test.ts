import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { listEsimHistory } from '../events/index.ts';
import { customerReferenceCharsMax, listEsimsPage, setCustomerReference } from './index.ts';

const ctx = testCtx(await testDatabase());
const accountId = 'acc_named';
const id = `esm_${'0'.repeat(32)}`;
const iccid = '8988000000000000001';
await query(
  ctx.db,
  `insert into esims.esims (id, account_id, origin, order_id, iccid, state, smdp_address, install_token, created_at, updated_at)
   values ($1, $2, 'ordered', 'ord_1', $3, 'available', '', 't', now(), now())`,
  [id, accountId, iccid],
);

const set = (customerReference: string | null, of = accountId, idOrIccid: string = iccid) =>
  write(ctx, {}, (tx) => setCustomerReference(tx, { accountId: of, idOrIccid, customerReference }));
const isNamed = async (value: string) => {
  const condition = { field: 'customerReference', operator: 'eq', value } as const;
  return (await listEsimsPage(ctx, { accountId, page: 1, perPage: 10, condition })).rows === 1;
};
const told = async () =>
  (await listEsimHistory(ctx, { accountId, esimId: id })).map(({ data }) => data['customerReference']);

test('a reference is found again, told once for each change, and taken away by null', async () => {
  await set('shop 1');
  await set('shop 1', accountId, id);
  assert.equal(await isNamed('shop 1'), true);
  await set('shop 2');
  assert.deepEqual([await isNamed('shop 1'), await isNamed('shop 2')], [false, true]);
  await set(null);
  assert.equal(await isNamed('shop 2'), false);
  assert.deepEqual(await told(), [null, 'shop 2', 'shop 1']);
});

test("another account's eSIM is not named", async () => {
  await assert.rejects(set('mine', 'acc_other'), { code: 'not_found' });
  await assert.rejects(set('mine', accountId, '8988000000000000002'), { code: 'not_found' });
});

for (const [name, text] of [
  ['empty', ''],
  ['too long', 'x'.repeat(customerReferenceCharsMax + 1)],
  ['with a zero character', 'a\0b'],
  ['half a character', '\ud800'],
] as const)
  test(`a reference that is ${name} is refused`, async () => {
    await assert.rejects(set(text), { code: 'invalid_request' });
  });
