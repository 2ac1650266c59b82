import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listen } from '../../pg/listen.ts';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import {
  createAccount,
  createSubaccount,
  getDoor,
  openSigningSecret,
  putDoor,
  setSigningSecret,
} from './index.ts';

const database = await testDatabase();
const ctx = testCtx(database);
const door = 'supersim';
const { id: parentId } = await createAccount(ctx, { name: 'Parent', kind: 'sandbox', currency: 'EUR' });
const newSubaccount = () => write(ctx, {}, (tx) => createSubaccount(tx, { parentId, name: 'Sub' }));
const put = (accountId: string, settings: Parameters<typeof putDoor<'supersim'>>[1]['settings']) =>
  write(ctx, {}, (tx) => putDoor(tx, { accountId, door, settings }));
const sign = (accountId: string, secret?: string) =>
  write(ctx, {}, (tx) => setSigningSecret(tx, { accountId, door, ...(secret !== undefined && { secret }) }));
const see = (accountId: string) => getDoor(ctx, { accountId, door });
const open = (accountId: string) => openSigningSecret(ctx, { accountId, door });

test('a door that nobody has set has its defaults and signs with nothing', async () => {
  const { id } = await newSubaccount();
  const settings = { product: 'esim_profile', callbackEvents: null };
  assert.deepEqual(await see(id), { settings, hasSigningSecret: false });
  assert.equal(await open(id), null);
});

test('what a subaccount has not set is as its parent set it, member by member, and so again once it is left out', async () => {
  const { id } = await newSubaccount();
  await put(parentId, { product: 'fleet_esim', callbackEvents: 'all' });
  assert.deepEqual((await see(id)).settings, { product: 'fleet_esim', callbackEvents: 'all' });
  const own = { product: 'own_esim', callbackEvents: 'all' };
  assert.deepEqual((await put(id, { product: 'own_esim' })).settings, own);
  assert.deepEqual((await put(id, { callbackEvents: null })).settings, {
    product: 'fleet_esim',
    callbackEvents: null,
  });
  await put(id, {});
  assert.deepEqual((await see(id)).settings, { product: 'fleet_esim', callbackEvents: 'all' });
  assert.deepEqual((await see(parentId)).settings, { product: 'fleet_esim', callbackEvents: 'all' });
});

test('the secret of a subaccount signs before that of its parent, never the other way round', async () => {
  const { id } = await newSubaccount();
  const own = await sign(id);
  assert.match(own, /^[\w-]{43}$/);
  assert.equal(await open(parentId), null);
  assert.equal((await see(parentId)).hasSigningSecret, false);
  const parents = await sign(parentId, 'x'.repeat(16));
  assert.deepEqual([await open(id), await open(parentId)], [own, parents]);
  const { id: other } = await newSubaccount();
  assert.equal(await open(other), parents);
  assert.equal((await see(other)).hasSigningSecret, true);
  assert.notEqual(await sign(id), own);
});

test('settings and secret of a door are set without touching the other', async () => {
  const { id } = await newSubaccount();
  const secret = await sign(id, 'a-secret-of-16-characters');
  await put(id, { product: 'mine' });
  assert.equal(await open(id), secret);
  const again = await sign(id);
  assert.equal((await see(id)).settings.product, 'mine');
  assert.equal(await open(id), again);
});

test('a secret is sealed, for its account alone', async () => {
  const { id } = await newSubaccount();
  const secret = await sign(id);
  const [row] = await query<{ signing_secret: Buffer }>(
    ctx.db,
    'select signing_secret from accounts.doors where account_id = $1',
    [id],
  );
  assert.ok(!row?.signing_secret.includes(secret));
  const { id: other } = await newSubaccount();
  await sign(other);
  await query(ctx.db, 'update accounts.doors set signing_secret = $2 where account_id = $1', [
    other,
    row?.signing_secret,
  ]);
  await assert.rejects(open(other));
});

for (const secret of [
  '',
  'short',
  'x'.repeat(201),
  'with a space in it',
  'zeile\numbruch-und-mehr',
  'ümläute-sind-keine-ascii',
])
  test(`${JSON.stringify(secret.slice(0, 30))} is no signing secret`, async () => {
    const { id } = await newSubaccount();
    await assert.rejects(sign(id, secret), (error: any) => {
      assert.deepEqual([error.code, error.fields[0].field], ['invalid_request', 'signingSecret']);
      return true;
    });
  });

test('an account that does not exist has no door', async () => {
  const unknown = 'acc_00000000000000000000000000000000';
  await assert.rejects(see(unknown), { code: 'not_found' });
  await assert.rejects(put(unknown, {}), { code: 'not_found' });
  await assert.rejects(sign(unknown), { code: 'not_found' });
  assert.equal(await open(unknown), null);
});

test('a door is held for two seconds, or until it or its parent is set; never in a transaction', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const { id } = await newSubaccount();
  const seen = async () => (await see(id)).settings.product;
  const setUnseen = (product: string) => query(ctx.db, setProduct, [id, product]);
  await put(id, { product: 'first' });
  for (const forget of [() => put(parentId, {}), () => sign(parentId), () => t.mock.timers.tick(2_000)]) {
    await setUnseen('first');
    await forget();
    assert.equal(await seen(), 'first');
    await setUnseen('second');
    assert.equal(await seen(), 'first');
    const inWrite = await write(ctx, {}, (tx) => getDoor(tx, { accountId: id, door }));
    assert.equal(inWrite.settings.product, 'second');
    await forget();
    assert.equal(await seen(), 'second');
  }
});

test('what is held of a door is not what a transaction wrote that was undone', async () => {
  const { id } = await newSubaccount();
  await put(id, { product: 'kept' });
  const undone = write(ctx, {}, async (tx) => {
    await putDoor(tx, { accountId: id, door, settings: { product: 'undone' } });
    throw new Error('undone');
  });
  await assert.rejects(undone, /undone/);
  assert.equal((await see(id)).settings.product, 'kept');
});

test('other nodes are told when a door or its secret is set', { timeout: 20_000 }, async () => {
  const { id } = await newSubaccount();
  let tell = () => {};
  const stop = await listen(database, 'api_keys', () => tell());
  for (const set of [() => put(id, { product: 'theirs' }), () => sign(id)]) {
    const heard = new Promise<void>((resolve) => {
      tell = resolve;
    });
    await set();
    await heard;
  }
  await stop();
});

const setProduct = `
  update accounts.doors set settings = jsonb_build_object('product', $2::text) where account_id = $1`;
