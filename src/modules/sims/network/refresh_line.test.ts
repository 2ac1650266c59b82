import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { attachLine, locateLine, refreshLine, updateSim } from '../index.ts';
import { openLines } from '../test_lines.ts';

const ctx = testCtx(await testDatabase());
const lines = await openLines(ctx);
const { accountId } = lines;
const kpn = { mcc: '204', mnc: '08' };
const attach = (sim: string) => write(ctx, {}, (tx) => attachLine(tx, { accountId, sim, ...kpn }));
const refresh = (sim: string, of = accountId) =>
  write(ctx, {}, (tx) => refreshLine(tx, { accountId: of, sim }));
const typesOf = async (id: string) => (await lines.events(id)).map(({ type }) => type);

test('a refreshed line is off its network until its device attaches again', async () => {
  const sim = await lines.newLine();
  await attach(sim.iccid);
  await refresh(sim.iccid);
  const { attached, ipV4, country, status } = await lines.see(sim.id);
  assert.deepEqual([attached, ipV4, country, status], [false, null, 'NL', 'ready']);
  const locate = write(ctx, {}, (tx) => locateLine(tx, { accountId, sim: sim.id, ...kpn }));
  await assert.rejects(locate, { code: 'conflict' });
  assert.equal((await attach(sim.id)).allowed, true);
  assert.deepEqual(
    (await typesOf(sim.id)).filter((type) => /attached|detached|refreshed/.test(type)),
    ['sim.first_attached', 'sim.attached', 'sim.detached', 'sim.refreshed', 'sim.attached'],
  );
});

test('it says whether there was anything to send away', async () => {
  const sim = await lines.newLine();
  await refresh(sim.esimId);
  const [told] = (await lines.events(sim.id)).filter(({ type }) => type === 'sim.refreshed');
  assert.deepEqual([told?.data['wasAttached'], told?.data['esimId']], [false, sim.esimId]);
  assert.equal((await typesOf(sim.id)).includes('sim.detached'), false);
});

test('a line of another account, and one whose core is another system, are not refreshed', async () => {
  const sim = await lines.newLine();
  const other = await openLines(ctx);
  await assert.rejects(refresh(sim.iccid, other.accountId), { code: 'not_found' });
  const remote = await lines.newLine({ core: 'open5gs' });
  await assert.rejects(refresh(remote.iccid), { code: 'conflict', message: /inactive and active/ });
});

test('a suspended line may be refreshed and stays suspended', async () => {
  const sim = await lines.newLine();
  await write(ctx, {}, (tx) => updateSim(tx, { accountId, key: sim.id, status: 'inactive' }));
  await refresh(sim.id);
  assert.equal((await lines.see(sim.id)).status, 'inactive');
});
