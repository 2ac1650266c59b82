import assert from 'node:assert/strict';
import { test } from 'node:test';
import { present } from '../../base/assert.ts';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { createAccount } from '../accounts/index.ts';
import type { ProfileMove } from '../smdp/index.ts';
import { createEsims, type Esim, failEsimsOfOrder, followProfile, getEsim } from './index.ts';

const ctx = testCtx(await testDatabase());
const { id: accountId } = await write(ctx, {}, (tx) =>
  createAccount(tx, { name: 'esims', kind: 'sandbox', currency: 'EUR' }),
);
const eid = '89049032000001000000000000000074';
let serial = 0;
const newEsim = async (orderId = 'ord_1'): Promise<Esim> => {
  const iccid = `89490000000000${String(++serial).padStart(5, '0')}`;
  const item = { accountId, orderId, iccid, msisdn: null, eid: null, smdpAddress: 'smdp.example.com' };
  const [esim] = await write(ctx, {}, (tx) =>
    createEsims(tx, [
      { ...item, matchingId: `MATCHING-${serial}`, confirmationCodeRequired: false, requestId: 'req_1' },
    ]),
  );
  return esim ?? assert.fail();
};
const later = (minutes: number) => new Date(ctx.now.getTime() + minutes * 60_000);
const move = async ({ id, iccid }: Esim, to: ProfileMove['to'], more: Partial<ProfileMove> = {}) => {
  await write(ctx, {}, async (tx) => {
    const statement = followProfile(tx, { iccid, from: 'released', to, at: later(1), ...more });
    if (statement) tx.alongCommit(statement);
  });
  return await getEsim(ctx, { accountId, idOrIccid: id });
};
const lastEvent = async ({ id }: Esim) => {
  const [row] = await query<{ type: string; data: Record<string, unknown> }>(
    ctx.db,
    'select type, data from events.events where resource_id = $1 order by position desc limit 1',
    [id],
  );
  return row ?? assert.fail('no event');
};

for (const [to, code] of [
  ['error', 'download_failed'],
  ['unavailable', 'download_expired'],
] as const) {
  test(`an eSIM whose profile became ${to} has failed with ${code}, and its event says so`, async () => {
    const esim = await newEsim();
    const failed = await move(esim, to, { eid, detail: 'That was it.' });
    assert.deepEqual([failed.state, failed.failure], ['failed', { code, detail: 'That was it.' }]);
    assert.deepEqual(failed.updatedAt, later(1));
    const { type, data } = await lastEvent(esim);
    assert.deepEqual(
      [type, data['failure'], data['eid'], data['smdpAddress']],
      ['esim.failed', failed.failure, eid, 'smdp.example.com'],
    );
  });
}

test('an eSIM that can be downloaded again has no failure left, and its event names the matching id and the eUICC', async () => {
  const esim = await newEsim();
  await move(esim, 'downloaded', { eid });
  await move(esim, 'error');
  const again = await move(esim, 'released', { from: 'error', at: later(2) });
  assert.deepEqual([again.state, again.failure, again.updatedAt], ['available', null, later(2)]);
  const { type, data } = await lastEvent(esim);
  assert.deepEqual([type, data['matchingId'], data['eid']], ['esim.available', esim.matchingId, eid]);
  assert.ok(!('failure' in data));
});

test('an eSIM whose profile was deleted and is released again is as new, for whom it is meant now', async () => {
  const esim = await newEsim();
  await move(esim, 'installed', { eid, enabled: true });
  await move(esim, 'deleted', { from: 'installed', eid });
  const again = await move(esim, 'released', { from: 'deleted', eid: null, matchingId: 'NEW', at: later(2) });
  assert.deepEqual(
    [again.state, again.eid, again.matchingId, again.enabled],
    ['available', null, 'NEW', false],
  );
  assert.deepEqual([again.downloadedAt, again.installedAt, again.deletedAt], [null, null, null]);
  const { type, data } = await lastEvent(esim);
  assert.deepEqual([type, data['matchingId'], 'eid' in data], ['esim.available', 'NEW', false]);
});

test('an eSIM that is given to another eUICC stays available, and is told as updated', async () => {
  const esim = await newEsim();
  const given = await move(esim, 'released', { eid });
  assert.deepEqual([given.state, given.eid, given.matchingId], ['available', eid, esim.matchingId]);
  assert.equal((await lastEvent(esim)).type, 'esim.updated');
  assert.deepEqual(await move(esim, 'released', { eid, at: later(5) }), given);
  assert.equal((await move(esim, 'released', { eid: null })).eid, null);
});

test('what changes nothing is not told and is no update', async () => {
  const esim = await newEsim();
  const installed = await move(esim, 'installed', { enabled: true });
  assert.deepEqual(await move(esim, 'error', { at: later(9) }), installed);
});

test('a new eSIM has the id and the time it is given, and its event everything to install it', async () => {
  const id = `esm_${'a'.repeat(32)}` as const;
  const item = { accountId, orderId: 'ord_2', iccid: '8949000000000099999', msisdn: null, eid };
  const [esim = assert.fail()] = await write(ctx, {}, (tx) =>
    createEsims(tx, [
      {
        ...item,
        id,
        createdAt: later(-1),
        smdpAddress: 'smdp.example.com',
        matchingId: null,
        confirmationCodeRequired: false,
        requestId: 'req_1',
      },
    ]),
  );
  assert.deepEqual([esim.id, esim.createdAt, esim.updatedAt], [id, later(-1), ctx.now]);
  assert.deepEqual(await getEsim(ctx, { accountId, idOrIccid: id }), esim);
  const { type, data } = await lastEvent(esim);
  assert.deepEqual(
    [type, data['eid'], data['smdpAddress'], data['matchingId'], data['activationCode']],
    ['esim.available', eid, 'smdp.example.com', null, null],
  );
});

test('eSIMs of an order that failed say why, each in an event of its own', async () => {
  const esims = [await newEsim('ord_failed'), await newEsim('ord_failed')];
  const other = await newEsim('ord_other');
  const iccids = await write({ ...ctx, now: later(3) }, {}, (tx) => failEsimsOfOrder(tx, 'ord_failed'));
  assert.deepEqual(iccids.sort(), esims.map(({ iccid }) => iccid).sort());
  for (const esim of esims) {
    const failed = await getEsim(ctx, { accountId, idOrIccid: esim.id });
    assert.deepEqual(
      [failed.state, failed.failure?.code, failed.updatedAt],
      ['failed', 'order_failed', later(3)],
    );
    assert.equal((await lastEvent(esim)).type, 'esim.failed');
  }
  assert.equal((await lastEvent(other)).type, 'esim.available');
  const again = await move(present(esims[0], 'an eSIM'), 'released', { from: 'unavailable' });
  assert.deepEqual([again.state, again.failure?.code], ['failed', 'order_failed'], 'nobody paid for it');
});
