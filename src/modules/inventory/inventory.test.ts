import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isIccid } from '../../base/digits.ts';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import {
  addStock,
  createProfileType,
  generateStock,
  giveBackReserved,
  hasStock,
  listStockLevels,
  openSubscription,
  reserveStock,
  takeReserved,
  takeStock,
} from './index.ts';

const ctx = testCtx(await testDatabase());
const accountId = 'acc_1';
const metadata = { serviceProviderName: 'Test', profileName: 'Plan', profileClass: 'operational' as const };
const newType = (name: string) =>
  createProfileType(ctx, accountId, { name, personalisation: 'full', metadata });
const generate = (profileType: Awaited<ReturnType<typeof newType>>, count: number) =>
  write(ctx, {}, (tx) => generateStock(tx, { accountId, profileType, count }));

test('generated stock has valid and different ICCIDs and keys, also when two generate at once', async () => {
  const profileType = await newType('generated');
  await Promise.all([generate(profileType, 30), generate(profileType, 30)]);
  const taken =
    (await write(ctx, {}, (tx) => takeStock(tx, profileType.id, [{ orderId: 'o', quantity: 60 }]))).get(
      'o',
    ) ?? [];
  const opened = taken.map((profile) => openSubscription(ctx, profile));
  assert.equal(new Set(opened.map((each) => each.iccid)).size, 60);
  assert.equal(new Set(opened.map((each) => Buffer.from(each.ki).toString('hex'))).size, 60);
  assert.ok(opened.every((each) => isIccid(each.iccid) && each.imsi.startsWith('99970')));
});

test('Ki and OPc are at rest only sealed, and open only for their own ICCID', async () => {
  const profileType = await newType('sealed');
  const ki = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
  const subscription = {
    iccid: '8949449999999990163',
    imsi: '001010123456063',
    ki,
    opc: Buffer.alloc(16, 9),
    pin1: '4711',
  };
  await write(ctx, {}, (tx) =>
    addStock(tx, { accountId, profileType, source: 'imported', subscriptions: [subscription] }),
  );
  const [row] = await query<{ iccid: string; imsi: string; msisdn: null; secrets: Buffer }>(
    ctx.db,
    "select iccid, imsi, msisdn, secrets from inventory.sim_profiles where iccid = '8949449999999990163'",
  );
  assert.ok(row && !row.secrets.includes(ki) && !row.secrets.toString('latin1').includes('000102'));
  assert.deepEqual(openSubscription(ctx, row).ki, ki);
  assert.equal(openSubscription(ctx, row).pin1, '4711');
  assert.throws(() => openSubscription(ctx, { ...row, iccid: '8949449999999990049' }));
});

test('a batch with a duplicate or a malformed row adds nothing and names the rows', async () => {
  const profileType = await newType('refused');
  const good = {
    iccid: '8949449999999990049',
    imsi: '001010000000001',
    ki: Buffer.alloc(16),
    opc: Buffer.alloc(16, 1),
  };
  const add = (...subscriptions: (typeof good)[]) =>
    write(ctx, {}, (tx) => addStock(tx, { accountId, profileType, source: 'imported', subscriptions }));
  await assert.rejects(
    add(good, { ...good, imsi: '001010000000002' }),
    (error: any) => error.code === 'duplicate_iccid' && error.fields[0].field === 'profiles[1]',
  );
  await assert.rejects(
    add(good, { ...good, iccid: '8949449999999990050', ki: Buffer.alloc(15) }),
    (error: any) =>
      error.code === 'invalid_request' &&
      error.fields.some((each: any) => each.field === 'profiles[1].iccid') &&
      error.fields.some((each: any) => each.field === 'profiles[1].ki'),
  );
  assert.equal(await hasStock(ctx, profileType.id, 1), false);
});

test('an order that stock cannot serve whole gets nothing and leaves it to the next', async () => {
  const profileType = await newType('scarce');
  await generate(profileType, 5);
  const given = await write(ctx, {}, (tx) =>
    takeStock(tx, profileType.id, [
      { orderId: 'a', quantity: 3 },
      { orderId: 'b', quantity: 3 },
      { orderId: 'c', quantity: 2 },
    ]),
  );
  assert.deepEqual([...given.keys()], ['a', 'c']);
  assert.equal((await listStockLevels(ctx)).find((each) => each.profileType === 'scarce')?.available, 0);
});

test('many who want the last SIM profiles at once get each one once', async () => {
  const profileType = await newType('contended');
  await generate(profileType, 10);
  const given = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      write(ctx, {}, (tx) => takeStock(tx, profileType.id, [{ orderId: `o${n}`, quantity: 2 }])),
    ),
  );
  const iccids = given.flatMap((each) => [...each.values()].flat().map((profile) => profile.iccid));
  assert.equal(new Set(iccids).size, iccids.length);
  assert.ok(iccids.length <= 10);
});

test('what a large order reserved is taken slice by slice, and the rest goes back when it ends', async () => {
  const profileType = await newType('reserved');
  await generate(profileType, 10);
  assert.equal(await reserveStock(ctx, profileType.id, { orderId: 'big', quantity: 11 }), false);
  assert.equal(await reserveStock(ctx, profileType.id, { orderId: 'big', quantity: 8 }), true);
  assert.equal((await takeReserved(ctx, profileType.id, { orderId: 'big', quantity: 3 })).length, 3);
  await giveBackReserved(ctx, 'big');
  assert.equal((await listStockLevels(ctx)).find((each) => each.profileType === 'reserved')?.available, 7);
});

test('a profile type that makes no sense is refused, and a name is taken once', async () => {
  await assert.rejects(
    createProfileType(ctx, accountId, {
      name: 'x y',
      personalisation: 'none',
      metadata: { ...metadata, serviceProviderName: 'x'.repeat(33), policyRules: ['ppr1'] },
    }),
    (error: any) => error.code === 'invalid_request' && error.fields.length === 4,
  );
  await assert.rejects(
    createProfileType(ctx, accountId, {
      name: 'broken',
      personalisation: 'none',
      metadata,
      package: Buffer.from('3000', 'hex'),
    }),
    { code: 'invalid_profile_package' },
  );
  await newType('once');
  await assert.rejects(newType('once'), { code: 'conflict' });
});
