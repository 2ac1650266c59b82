import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { type PutBranding, putBranding, removeBranding } from '../branding/index.ts';
import { getOrder, listOrderItems, placeOrder } from './index.ts';
import { fulfilAll, openShop } from './test_shop.ts';

const ctx = testCtx(await testDatabase());
let shops = 0;

async function shop() {
  const { id: accountId } = await openShop(ctx, { name: `shop ${++shops}` });
  const put = (name: string, more: Partial<PutBranding> = {}) =>
    write(ctx, {}, (tx) => putBranding(tx, { accountId, name, ...more }));
  const place = (line: object, more: object = {}) =>
    placeOrder(ctx, { accountId, currency: 'EUR', lines: [{ product: 'esim_profile', ...line }], ...more });
  const made = async (id: string) => {
    await fulfilAll(ctx);
    const order = await getOrder(ctx, { accountId, id });
    const items = await listOrderItems(ctx, { accountId, order });
    return items.flatMap(({ esims }) => esims);
  };
  const order = async (line: object) => await made((await place(line)).id);
  return { accountId, put, place, made, order };
}

/** The metadata of the eSIM's profile, as bytes in which names can be looked for. */
async function metadataOf(iccid = ''): Promise<string> {
  const [row] = await query<{ metadata: Buffer }>(
    ctx.db,
    'select metadata from smdp.profiles where iccid = $1',
    [iccid],
  );
  return row?.metadata.toString('latin1') ?? '';
}

test('an eSIM has the branding that was named by id or name, its own names, and otherwise the default of its account', async () => {
  const { put, order } = await shop();
  const named = await put('Airline', { installName: 'Sky Travel', networkName: 'Sky Net' });
  const usual = await put('Usual', { isDefault: true, installName: 'Usual plan' });
  for (const branding of [named.id, 'Airline']) {
    const [esim] = await order({ branding });
    assert.equal(esim?.brandingId, named.id);
    const metadata = await metadataOf(esim?.iccid);
    assert.ok(metadata.includes('Sky Travel') && metadata.includes('Sky Net'));
    assert.ok(!metadata.includes('Test Mobile') && !metadata.includes('Test plan'));
  }
  const [byDefault] = await order({});
  assert.equal(byDefault?.brandingId, usual.id);
  const metadata = await metadataOf(byDefault?.iccid);
  assert.ok(metadata.includes('Usual plan') && metadata.includes('Test Mobile'));
  const [plain] = await order({ branding: null });
  assert.equal(plain?.brandingId, null);
  assert.ok((await metadataOf(plain?.iccid)).includes('Test plan'));
});

test('orders of several accounts that are fulfilled together have each their own default', async () => {
  const [one, other, none] = [await shop(), await shop(), await shop()];
  const [first, second] = [
    await one.put('A', { isDefault: true }),
    await other.put('A', { isDefault: true, installName: 'Other' }),
  ];
  const placed = [await one.place({}), await other.place({ quantity: 2 }), await none.place({})];
  await fulfilAll(ctx);
  const brandings = await Promise.all(
    [one, other, none].map(async ({ made }, index) =>
      (await made(placed[index]?.id ?? '')).map(({ brandingId }) => brandingId),
    ),
  );
  assert.deepEqual(brandings, [[first.id], [second.id, second.id], [null]]);
});

test('an order is fulfilled plain when its branding was removed meanwhile', async () => {
  const { accountId, put, place, made } = await shop();
  await put('Short');
  const { id } = await place({ branding: 'Short' });
  await write(ctx, {}, (tx) => removeBranding(tx, { accountId, idOrName: 'Short' }));
  const [esim] = await made(id);
  assert.equal(esim?.brandingId, null);
});

test("an unknown branding and another account's are refused by name, and so is one where no eSIM is made", async () => {
  const { place, order } = await shop();
  const theirs = await (await shop()).put('Theirs');
  const [esim] = await order({});
  const bundle = 'esim_1GB_7D_NL_V2';
  const cases: [object, string][] = [
    [{ branding: 'theirs' }, 'not_found'],
    [{ branding: 'Theirs' }, 'not_found'],
    [{ branding: theirs.id }, 'not_found'],
    [{ product: bundle, assign: false, branding: null }, 'invalid_request'],
    [{ product: bundle, esims: [esim?.id], branding: null }, 'invalid_request'],
  ];
  for (const [line, code] of cases)
    await assert.rejects(
      place(line),
      (error: any) => error.code === code && error.fields[0].field === 'lines[0].branding',
    );
});

test('the same key with another branding, or with none, is another order', async () => {
  const { put, place } = await shop();
  await put('Airline');
  const idempotencyKey = 'k';
  const { id } = await place({ branding: 'Airline' }, { idempotencyKey });
  assert.equal((await place({ branding: 'Airline' }, { idempotencyKey })).id, id);
  for (const line of [{}, { branding: null }])
    await assert.rejects(place(line, { idempotencyKey }), { code: 'idempotency_key_reused' });
});
