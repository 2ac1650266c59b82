import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import {
  createFleet,
  endLines,
  findSims,
  getSim,
  listSims,
  lockLines,
  moveSimRows,
  type SimStatus,
  updateSim,
  type WantedStatus,
} from './index.ts';
import { simMoves } from './sim.ts';
import { allowCountries, openLines } from './test_lines.ts';

const database = await testDatabase();
const ctx = testCtx(database);
const lines = await openLines(ctx);
const { accountId } = lines;
const other = await openLines(ctx);

const update = (key: string, parts: object, of = accountId) =>
  write(ctx, {}, (tx) => updateSim(tx, { accountId: of, key, ...parts }));

test('a line is found by its id, its eSIM, ICCID, IMSI and unique name', async () => {
  const sim = await lines.newLine();
  await update(sim.id, { uniqueName: 'tracker 1' });
  for (const key of [sim.id, sim.esimId, sim.iccid, sim.imsi, 'tracker 1'])
    assert.equal((await lines.see(key)).id, sim.id);
});

test("another account's line answers like one that does not exist", async () => {
  const sim = await other.newLine();
  await update(sim.id, { uniqueName: 'theirs' }, other.accountId);
  for (const key of [sim.id, sim.esimId, sim.iccid, sim.imsi, 'theirs', 'nonsense', ''])
    await assert.rejects(getSim(ctx, { accountId, key }), { code: 'not_found' });
  await assert.rejects(update(sim.id, { uniqueName: 'mine' }), { code: 'not_found' });
  assert.equal((await findSims(ctx, { accountId, keys: [sim.id, sim.iccid] })).size, 0);
  assert.equal((await listSims(ctx, { accountId, iccid: sim.iccid })).length, 0);
});

test('lines are locked by mixed keys; unknown ones and those of others are absent', async () => {
  const [one, two] = await lines.newLines(2);
  const theirs = await other.newLine();
  const keys = [one!.iccid, two!.imsi, two!.id, theirs.id, '8944000000000000000'];
  const locked = await write(ctx, {}, (tx) => lockLines(tx, { accountId, keys }));
  assert.deepEqual([...locked.keys()].sort(), [one!.iccid, two!.id, two!.imsi].sort());
  assert.equal(locked.get(two!.imsi)?.id, two!.id);
  const any = await write(ctx, {}, (tx) => lockLines(tx, { accountId: null, keys: [theirs.imsi] }));
  assert.equal(any.get(theirs.imsi)?.accountId, other.accountId);
});

test('two writers that lock the same lines in another order both get them', async () => {
  const made = await lines.newLines(20);
  const ids = made.map((sim) => sim.id);
  const lockSlowly = (keys: string[]) =>
    write(ctx, {}, async (tx) => (await lockLines(tx, { accountId, keys })).size);
  const rounds = Array.from({ length: 10 }, (_, n) => lockSlowly(n % 2 ? ids : [...ids].reverse()));
  assert.deepEqual(await Promise.all(rounds), Array(10).fill(20));
});

const idsOf = (listed: readonly { id: string }[]) => listed.map(({ id }) => id);

test('lines are listed newest first, page by page in both directions', async () => {
  const account = await openLines(ctx);
  const ids = idsOf(await account.newLines(5)).reverse();
  const of = { accountId: account.accountId };
  const first = await listSims(ctx, { ...of, limit: 2 });
  assert.deepEqual(idsOf(first), ids.slice(0, 2));
  const second = await listSims(ctx, { ...of, limit: 2, before: ids[1]! });
  assert.deepEqual(idsOf(second), ids.slice(2, 4));
  assert.deepEqual(idsOf(await listSims(ctx, { ...of, limit: 2, after: ids[4]! })), ids.slice(2, 4));
  assert.deepEqual(await listSims(ctx, { ...of, after: ids[0]! }), []);
});

test('lines are listed by status, ICCID and fleet, and by all of them', async () => {
  const account = await openLines(ctx);
  const of = { accountId: account.accountId };
  const [one, two, three] = await account.newLines(3);
  const networkAccessProfile = await allowCountries(ctx, account.accountId, ['NL']);
  const fleet = await write(ctx, {}, (tx) => createFleet(tx, { ...of, networkAccessProfile }));
  await update(one!.id, { status: 'inactive', fleet: fleet.id }, account.accountId);
  await update(two!.id, { fleet: fleet.id }, account.accountId);
  const listed = async (filter: object) => idsOf(await listSims(ctx, { ...of, ...filter }));
  assert.deepEqual(await listed({ status: 'inactive' }), [one!.id]);
  assert.deepEqual(await listed({ statuses: ['inactive', 'ready'] }), [three!.id, two!.id, one!.id]);
  assert.deepEqual(await listed({ statuses: [] }), []);
  assert.deepEqual(await listed({ iccid: three!.iccid }), [three!.id]);
  assert.deepEqual(await listed({ fleetId: fleet.id }), [two!.id, one!.id]);
  assert.deepEqual(await listed({ fleetId: fleet.id, status: 'ready' }), [two!.id]);
  assert.deepEqual(await listed({ fleetId: fleet.id, iccid: three!.iccid }), []);
  assert.deepEqual(await listed({ fleetId: fleet.id, iccid: one!.iccid, status: 'inactive' }), [one!.id]);
  assert.deepEqual(await listed({ status: 'scheduled' }), []);
});

const steps: Record<SimStatus, WantedStatus[]> = {
  new: [],
  ready: ['ready'],
  active: ['ready', 'active'],
  inactive: ['ready', 'inactive'],
  ended: ['ended'],
};

for (const [from, way] of Object.entries(steps) as [SimStatus, WantedStatus[]][])
  for (const to of ['ready', 'active', 'inactive', 'ended'] as const)
    test(`a ${from} line ${simMoves[from].includes(to) ? 'becomes' : from === to ? 'stays' : 'does not become'} ${to}`, async () => {
      const sim = await lines.newLine({ status: 'new' });
      for (const status of way) await update(sim.id, { status });
      const told = (await lines.events(sim.id)).length;
      if (simMoves[from].includes(to)) {
        assert.equal((await update(sim.id, { status: to })).status, to);
        const event = (await lines.events(sim.id)).find(
          ({ type, data }) => type === 'sim.status_changed' && data['to'] === to && data['from'] === from,
        );
        assert.ok(event);
      } else {
        const asked = update(sim.id, { status: to });
        if (from === to) await asked;
        else await assert.rejects(asked, { code: 'status_not_allowed' });
        assert.equal((await lines.events(sim.id)).length, told);
      }
    });

test('a suspended line is active again when it is resumed', async () => {
  const sim = await lines.newLine();
  await write(ctx, {}, (tx) => updateSim(tx, { accountId, key: sim.id, status: 'inactive' }));
  const resumed = await write(ctx, {}, (tx) => updateSim(tx, { accountId, key: sim.id, status: 'active' }));
  assert.equal(resumed.status, 'active');
});

test('a unique name is taken once in an account, and again in another one', async () => {
  const [one, two] = await lines.newLines(2);
  await update(one!.id, { uniqueName: 'pump' });
  await assert.rejects(update(two!.id, { uniqueName: 'pump' }), { code: 'name_taken' });
  const theirs = await other.newLine();
  assert.equal((await update(theirs.id, { uniqueName: 'pump' }, other.accountId)).uniqueName, 'pump');
  await update(one!.id, { uniqueName: null });
  assert.equal((await update(two!.id, { uniqueName: 'pump' })).uniqueName, 'pump');
});

for (const uniqueName of [
  '',
  ' ',
  '12345',
  'sim_1',
  'x'.repeat(65),
  'a\u0000b',
  'a\ud800',
  '.',
  '..',
  '🚚'.repeat(65),
])
  test(`${JSON.stringify(uniqueName).slice(0, 20)} is no unique name`, async () => {
    const sim = await lines.newLine();
    await assert.rejects(update(sim.id, { uniqueName }), { code: 'invalid_request' });
  });

test('lines that will not be are ended together, those that have ended stay so', async () => {
  const made = await lines.newLines(3);
  await write(ctx, {}, (tx) => endLines(tx, { accountId, keys: made.slice(1).map((sim) => sim.esimId) }));
  await write(ctx, {}, (tx) => endLines(tx, { accountId, keys: made.map((sim) => sim.esimId) }));
  for (const sim of made) assert.equal((await lines.see(sim.id)).status, 'ended');
});

test('a moved line belongs to the other account only, without a name that is taken there', async () => {
  const [one, two] = await lines.newLines(2);
  await update(one!.id, { uniqueName: 'boat' });
  await update(two!.id, { uniqueName: 'car' });
  const theirs = await other.newLine();
  await update(theirs.id, { uniqueName: 'boat' }, other.accountId);
  for (const sim of [one!, two!])
    await write(ctx, {}, (tx) => moveSimRows(tx, { esimId: sim.esimId, toAccountId: other.accountId }));
  await assert.rejects(lines.see(one!.id), { code: 'not_found' });
  assert.equal((await other.see(one!.id)).uniqueName, null);
  assert.equal((await other.see('car')).id, two!.id);
});

for (const uniqueName of ['🚚'.repeat(64), '...', '.a', 'a/b?c#d', 'Gerät 7'])
  test(`${uniqueName.slice(0, 20)} is a unique name`, async () => {
    const sim = await lines.newLine();
    assert.equal((await update(sim.id, { uniqueName })).uniqueName, uniqueName);
  });
