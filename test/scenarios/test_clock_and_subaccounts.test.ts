import assert from 'node:assert/strict';
import { test } from 'node:test';
import { downloadProfile } from '../../src/device/lpa/download_profile.ts';
import { startPlatform } from '../support/platform.ts';

const platform = await startPlatform();
const { call, order, device } = platform;
const product = 'esim_1GB_7D_NL_V2';
const daySeconds = 86_400;

test('an eSIM that is not downloaded in time is offered to nobody any more, by the clock of its account', async () => {
  const { now } = (await call('GET', '/clock')).body;
  const downloadBy = new Date(Date.parse(now) + 2 * daySeconds * 1000).toISOString();
  const [late, open] = [await order({ product, downloadBy }), await order({ product })].flat();
  const { lpa } = device();
  await call('POST', '/clock', { advanceSeconds: 3 * daySeconds });
  assert.equal((await call('GET', `/esims/${late.id}`)).body.state, 'failed');
  await assert.rejects(downloadProfile(lpa, late.activationCode), /8\.8\.5.*4\.10|expired/i);
  await downloadProfile(lpa, open.activationCode);
  const { data } = (await call('GET', `/events?resource=${late.id}`)).body;
  assert.equal(data.at(-1).type, 'esim.failed');
  assert.ok(Date.parse(data.at(-1).occurredAt) - Date.parse(downloadBy) < 60_000);
});

test('what is ordered after the clock was moved begins at its time, and an unused bundle lapses by it', async () => {
  const { now } = (await call('GET', '/clock')).body;
  const [esim] = await order({ product });
  const bundle = async () => (await call('GET', `/esims/${esim.id}/bundles`)).body.data[0];
  assert.ok(Date.parse(esim.createdAt) >= Date.parse(now));
  assert.ok(Date.parse((await bundle()).lapsesAt) - Date.parse(now) >= 365 * daySeconds * 1000);
  await call('POST', '/clock', { advanceSeconds: 364 * daySeconds });
  assert.equal((await bundle()).state, 'queued');
  await call('POST', '/clock', { advanceSeconds: 2 * daySeconds });
  assert.equal((await bundle()).state, 'lapsed');
});

test('an eSIM given to a subaccount is gone from its parent with line and bundles, and lives on there', async () => {
  const branch = (await call('POST', '/subaccounts', { name: 'Branch' })).body;
  const other = (await call('POST', '/subaccounts', { name: 'Other' })).body;
  const [esim] = await order({ product });
  const { card, lpa } = device();
  const moved = await call('POST', `/esims/${esim.iccid}/move`, { account: branch.id });
  assert.deepEqual([moved.status, moved.body], [200, { id: esim.id, accountId: branch.id }]);
  const as = (account: { id: string }) => ({ 'overair-account': account.id });
  for (const path of [`/esims/${esim.id}`, `/sims/${esim.iccid}`, `/esims/${esim.id}/bundles`]) {
    assert.equal((await call('GET', path)).status, 404, path);
    assert.equal((await call('GET', path, undefined, as(other))).status, 404, path);
    assert.equal((await call('GET', path, undefined, as(branch))).status, 200, path);
  }
  await downloadProfile(lpa, esim.activationCode);
  assert.equal(card.state.profiles.length, 1);
  const { data } = (await call('GET', `/events?resource=${esim.id}`, undefined, as(branch))).body;
  assert.deepEqual(
    data.map((event: any) => event.type),
    ['sim.moved', 'esim.downloaded', 'esim.installed'],
  );
  assert.equal((await call('POST', `/esims/${esim.id}/move`, { account: branch.id })).status, 404);
  const on = await call('POST', `/esims/${esim.id}/move`, { account: other.id }, as(branch));
  assert.deepEqual([on.status, on.body.accountId], [200, other.id]);
});

test('an eSIM cannot be given to a stranger', async () => {
  const [esim] = await order({ product });
  const account = `acc_${'0'.repeat(32)}`;
  assert.equal((await call('POST', `/esims/${esim.id}/move`, { account })).status, 404);
  assert.equal((await call('GET', `/esims/${esim.id}`)).status, 200);
});
