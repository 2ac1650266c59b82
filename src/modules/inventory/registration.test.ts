import assert from 'node:assert/strict';
import { test } from 'node:test';
import { luhnDigit } from '../../base/digits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import {
  addStock,
  createProfileType,
  generateStock,
  hasStock,
  listStockLevels,
  openRegistrationCodes,
  openSubscription,
  reserveStock,
  type StockProfile,
  takeCard,
  takeIccids,
  takeStock,
} from './index.ts';

const ctx = testCtx(await testDatabase());
const accountId = 'acc_1';
const metadata = { serviceProviderName: 'Test', profileName: 'Plan', profileClass: 'operational' as const };
const profileType = await createProfileType(ctx, accountId, {
  name: 'cards',
  personalisation: 'full',
  metadata,
});
const inWrite = <T>(run: (tx: Ctx) => Promise<T>) => write(ctx, {}, run);

function newCard(serial: number, registrationCode: string) {
  const digits = `8949200000000001${String(serial).padStart(2, '0')}`;
  const [ki, opc] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)];
  return {
    iccid: digits + luhnDigit(digits),
    imsi: `26201000000${1000 + serial}`,
    ki,
    opc,
    registrationCode,
  };
}
const addCard = (serial: number, code: string) =>
  inWrite((tx) =>
    addStock(tx, { accountId, profileType, source: 'imported', subscriptions: [newCard(serial, code)] }),
  );
const take = (iccid: string, registrationCode: string) =>
  inWrite((tx) => takeCard(tx, { iccid, registrationCode }));

test('a SIM card is never given to an order, nor counted as stock for one', async () => {
  await addCard(1, 'NEVER4ORDERS');
  assert.equal(await hasStock(ctx, profileType.id, 1), false);
  assert.deepEqual(await listStockLevels(ctx), [{ profileType: 'cards', available: 0, atLeast: false }]);
  const want = { orderId: 'ord_1', quantity: 1 };
  assert.equal((await inWrite((tx) => takeStock(tx, profileType.id, [want]))).size, 0);
  assert.equal(await inWrite((tx) => reserveStock(tx, profileType.id, want)), false);
  assert.equal((await inWrite((tx) => takeIccids(tx, [newCard(1, '').iccid]))).size, 0);
});

test('a registration code is at rest only sealed, apart from the keys, and takes the card once', async () => {
  const code = 'C0DE0NTHECARD';
  await addCard(2, code);
  const { iccid, imsi } = newCard(2, code);
  const [row] = await query<StockProfile & { registration_code: Buffer }>(
    ctx.db,
    'select iccid, imsi, msisdn, secrets, registration_code from inventory.sim_profiles where iccid = $1',
    [iccid],
  );
  assert.ok(row && !row.registration_code.includes(code));
  assert.ok(!('registrationCode' in openSubscription(ctx, row)));
  assert.deepEqual(await take(iccid, code), { iccid, imsi, msisdn: null, core: 'simulated' });
  assert.equal(await take(iccid, code), undefined);
});

test('ten wrong codes are counted, and from then on the right one is refused too', async () => {
  const code = 'RIGHT0NE';
  const { iccid } = newCard(3, code);
  await addCard(3, code);
  for (let tries = 1; tries <= 9; tries++) assert.equal(await take(iccid, 'WR0NG0NE'), undefined);
  assert.equal((await take(iccid, code))?.iccid, iccid, 'nine are not too many');
  await addCard(4, code);
  const other = newCard(4, code).iccid;
  await Promise.all(Array.from({ length: 10 }, () => take(other, 'WR0NG0NE')));
  assert.equal(await take(other, code), undefined);
  assert.equal(await take('8949200000000009999', code), undefined, 'an unknown ICCID');
});

test('generated cards have a code each, given sealed to who asked for them', async () => {
  const { batchId, sealedCodes } = await inWrite((tx) =>
    generateStock(tx, { accountId, profileType, count: 20, registrationCodes: true }),
  );
  assert.ok(sealedCodes);
  const codes = openRegistrationCodes(ctx, { batchId, sealedCodes });
  assert.equal(new Set(codes.map(({ registrationCode }) => registrationCode)).size, 20);
  assert.ok(!Buffer.from(sealedCodes).includes(codes[0]?.registrationCode ?? ''));
  const [first = assert.fail()] = codes;
  assert.equal((await take(first.iccid, first.registrationCode))?.iccid, first.iccid);
});

for (const code of ['SHORT77', 'lower1234', 'WITH SPACE', 'A'.repeat(33), '']) {
  test(`the registration code ${JSON.stringify(code)} is refused by name`, async () => {
    await assert.rejects(addCard(9, code), {
      code: 'invalid_request',
      fields: [{ field: 'profiles[0].registrationCode', detail: 'give 8 to 32 capital letters and digits' }],
    });
  });
}

test('SIM profiles are taken by ICCID once, whoever asks at the same time', async () => {
  await inWrite((tx) => generateStock(tx, { accountId, profileType, count: 30 }));
  const rows = await query<{ iccid: string }>(
    ctx.db,
    "select iccid from inventory.sim_profiles where state = 'available' and registration_code is null",
  );
  const iccids = rows.map(({ iccid }) => iccid);
  const [forth, back] = await Promise.all([
    inWrite((tx) => takeIccids(tx, iccids)),
    inWrite((tx) => takeIccids(tx, [...iccids].reverse())),
  ]);
  assert.deepEqual([forth.size, back.size].sort(), [0, 30].sort());
});
