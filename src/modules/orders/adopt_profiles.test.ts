import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeEid, luhnDigit } from '../../base/digits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { inputHashOf, write } from '../../pg/write.ts';
import { createAccount } from '../accounts/index.ts';
import { activationCodeOf, getEsim } from '../esims/index.ts';
import { addStock, getProfileType, listStockLevels } from '../inventory/index.ts';
import {
  getOrderedEsim,
  importPreinstalled,
  listOrderedEsims,
  type PreinstalledProfile,
  registerCard,
} from './index.ts';
import { openShop } from './test_shop.ts';

const ctx = testCtx(await testDatabase());
const { id: accountId } = await openShop(ctx, { stock: 10 });
const { id: otherId } = await write(ctx, {}, (tx) =>
  createAccount(tx, { name: 'other', kind: 'sandbox', currency: 'EUR' }),
);
const registrationCode = 'PRINTED0N1T';
const inWrite = <T>(run: (tx: Ctx) => Promise<T>) => write(ctx, {}, run);
const register = (iccid: string, code = registrationCode, of = accountId) =>
  registerCard(ctx, { accountId: of, iccid, registrationCode: code });

let cards = 0;
async function addCard(): Promise<string> {
  const digits = `8949200000000002${String(++cards).padStart(2, '0')}`;
  const card = { iccid: digits + luhnDigit(digits), imsi: `26201000000${2000 + cards}`, registrationCode };
  const keys = { ki: Buffer.alloc(16, 1), opc: Buffer.alloc(16, 2) };
  await inWrite(async (tx) => {
    const profileType = await getProfileType(tx, 'test-usim');
    await addStock(tx, { accountId, profileType, source: 'imported', subscriptions: [{ ...card, ...keys }] });
  });
  return card.iccid;
}

test('a registered card is a new line on an installed eSIM without a code', async () => {
  const iccid = await addCard();
  const sim = await register(iccid);
  assert.deepEqual([sim.status, sim.iccid, sim.core, sim.accountId], ['new', iccid, 'simulated', accountId]);
  const esim = await getEsim(ctx, { accountId, idOrIccid: iccid });
  assert.deepEqual([esim.id, esim.origin, esim.orderId, esim.state], [sim.esimId, 'card', null, 'installed']);
  assert.deepEqual([esim.eid, esim.matchingId, activationCodeOf(esim)], [null, null, null]);
  const events = await query<{ type: string }>(
    ctx.db,
    'select type from events.events where resource_id = any($1) order by position',
    [[esim.id, sim.id]],
  );
  assert.deepEqual(
    events.map(({ type }) => type),
    ['esim.installed', 'sim.created'],
  );
});

test('a card is not among the eSIMs that were ordered', async () => {
  const { esimId } = await register(await addCard());
  await assert.rejects(getOrderedEsim(ctx, { accountId, id: esimId }), { code: 'not_found' });
  assert.ok(!(await listOrderedEsims(ctx, { accountId })).some(({ id }) => id === esimId));
});

test('an unknown ICCID, a wrong code and the card of another account are refused alike; the own card by its name', async () => {
  const iccid = await addCard();
  await assert.rejects(register('8949200000000009999'), { code: 'registration_refused' });
  await assert.rejects(register(iccid, 'WR0NGC0DE'), { code: 'registration_refused' });
  await register(iccid);
  await assert.rejects(register(iccid, registrationCode, otherId), { code: 'registration_refused' });
  await assert.rejects(register(iccid), { code: 'conflict' });
});

test('wrong codes count although they are refused, also when many come at once: after ten the right one is refused', async () => {
  const iccid = await addCard();
  const tries = Array.from({ length: 10 }, () => register(iccid, 'WR0NGC0DE'));
  for (const attempt of await Promise.allSettled(tries)) assert.equal(attempt.status, 'rejected');
  await assert.rejects(register(iccid), { code: 'registration_refused' });
});

test('a registration repeated with its key gives the same line, a refused one is refused again and counts once', async () => {
  const idempotency = (key: string) => ({
    accountId,
    operation: 'test.register',
    key,
    inputHash: inputHashOf(key),
  });
  const iccid = await addCard();
  const input = { accountId, iccid, registrationCode, idempotency: idempotency('a') };
  assert.deepEqual(await registerCard(ctx, input), await registerCard(ctx, input));
  const second = await addCard();
  for (let times = 0; times < 12; times++)
    await assert.rejects(
      registerCard(ctx, {
        accountId,
        iccid: second,
        registrationCode: 'WR0NGC0DE',
        idempotency: idempotency('b'),
      }),
      { code: 'registration_refused' },
    );
  assert.equal((await register(second)).iccid, second);
});

test('registering inside of another write is a mistake, since its refusals could not be counted', async () => {
  const iccid = await addCard();
  await assert.rejects(
    inWrite((tx) => registerCard(tx, { accountId, iccid, registrationCode })),
    /its own write/,
  );
});

const stockRows = () =>
  query<{ iccid: string }>(
    ctx.db,
    "select iccid from inventory.sim_profiles where state = 'available' and registration_code is null order by iccid",
  );
const eidOf = (serial: number) => completeEid(`89049032000001${String(serial).padStart(16, '0')}`);
const importThem = (profiles: readonly PreinstalledProfile[]) =>
  inWrite((tx) => importPreinstalled(tx, { accountId, profiles }));

test('preinstalled profiles leave the stock and are installed on their eUICCs, with lines that are new', async () => {
  const stock = (await stockRows()).slice(0, 3);
  const before = (await listStockLevels(ctx))[0]?.available ?? 0;
  const esims = await importThem(stock.map(({ iccid }, index) => ({ iccid, eid: eidOf(index) })));
  assert.deepEqual(
    esims.map(({ iccid, eid, state, origin, orderId }) => [iccid, eid, state, origin, orderId]),
    stock.map(({ iccid }, index) => [iccid, eidOf(index), 'installed', 'preinstalled', null]),
  );
  assert.equal((await listStockLevels(ctx))[0]?.available, before - 3);
  const found = await getOrderedEsim(ctx, { accountId, id: esims[0]?.id ?? '' });
  assert.deepEqual(
    [found.status, found.eid, found.smdpAddress, found.activationCode],
    ['installed', eidOf(0), null, null],
  );
  assert.deepEqual(
    (await listOrderedEsims(ctx, { accountId, eid: eidOf(1), statuses: ['installed'] })).map(({ id }) => id),
    [esims[1]?.id],
  );
});

test('an import names every ICCID and EID at fault, and changes nothing', async () => {
  const [one = assert.fail(), two = assert.fail()] = (await stockRows()).map(({ iccid }) => iccid);
  const unknown = '8949200000000009999';
  const cases: [PreinstalledProfile[], string[]][] = [
    [
      [
        { iccid: one, eid: eidOf(1) },
        { iccid: unknown, eid: eidOf(2) },
        { iccid: await addCard(), eid: eidOf(3) },
      ],
      ['profiles[1].iccid', 'profiles[2].iccid'],
    ],
    [
      [
        { iccid: one, eid: eidOf(1).replace(/.$/, (digit) => String((Number(digit) + 1) % 10)) },
        { iccid: two, eid: '89049032000001000000000000aaaaaa' },
        { iccid: one, eid: eidOf(3) },
      ],
      ['profiles[2].iccid', 'profiles[0].eid', 'profiles[1].eid'],
    ],
    [[], ['profiles']],
    [Array.from({ length: 10_001 }, () => ({ iccid: one, eid: eidOf(1) })), ['profiles']],
  ];
  for (const [profiles, fields] of cases)
    await assert.rejects(importThem(profiles), (error: { code: string; fields: { field: string }[] }) => {
      assert.deepEqual([error.code, error.fields.map(({ field }) => field)], ['invalid_request', fields]);
      return true;
    });
  assert.equal((await importThem([{ iccid: one, eid: eidOf(1) }])).length, 1);
});
