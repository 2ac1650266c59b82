import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getSubscription } from '../../../modules/inventory/index.ts';
import { query } from '../../../pg/query.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { bundleName, shopper } from '../bundles/test_shopper.ts';
import { openEsimGo } from '../test_esimgo.ts';

const door = await openEsimGo(await testDatabase());
const { call, ctx, subaccount } = door;
const { buy, buyOne, order, attach, use } = shopper(door);
const get = async (iccid: string, query = {}) => (await call('GET', `/esims/${iccid}`, { query })).body;
const list = async (query = {}) => (await call('GET', '/esims', { query })).body;
const iccids = ({ esims }: { esims: { iccid: string }[] }) => esims.map(({ iccid }) => iccid);
const history = async (iccid: string): Promise<Entry[]> =>
  (await call('GET', `/esims/${iccid}/history`)).body;
type Entry = { name: string; bundleName?: string; alertType?: string; date: string };
const setState = (id: string, state: string) =>
  query(ctx.db, 'update esims.esims set state = $2, installed_at = now() where id = $1', [id, state]);

test('an eSIM is answered with what it takes to install it, and its PIN and PUK', async () => {
  const esim = await buyOne();
  const { pin1, puk1 } = await getSubscription(ctx, esim.iccid);
  assert.deepEqual(await get(esim.iccid), {
    iccid: esim.iccid,
    pin: pin1 ?? '',
    puk: puk1 ?? '',
    matchingId: esim.matchingId,
    smdpAddress: esim.smdpAddress,
    profileStatus: 'Released',
    firstInstalledDateTime: 0,
    customerRef: '',
    state: 'Active',
  });
});

test('links to install it are answered when they are asked for', async () => {
  const { iccid, matchingId, smdpAddress } = await buyOne();
  const code = encodeURIComponent(`LPA:1$${smdpAddress}$${matchingId}`);
  const apple = `https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=${code}`;
  const one = await get(iccid, { additionalFields: 'appleInstallUrl' });
  assert.deepEqual([one.appleInstallUrl, one.androidInstallUrl], [apple, undefined]);
  const both = await get(iccid, { additionalFields: 'something, installUrl' });
  assert.equal(both.appleInstallUrl, apple);
  assert.match(both.androidInstallUrl, /^https:\/\/esimsetup\.android\.com\//);
});

test('the profile status follows the profile', async () => {
  const { iccid, id } = await buyOne();
  for (const [state, shown] of [
    ['downloaded', 'Downloaded'],
    ['installed', 'Installed'],
    ['deleted', 'Unavailable'],
    ['failed', 'Unavailable'],
  ] as const) {
    await setState(id, state);
    assert.equal((await get(iccid)).profileStatus, shown);
  }
  assert.ok(Math.abs((await get(iccid)).firstInstalledDateTime - Date.now()) < 60_000);
  assert.equal((await get(iccid)).state, 'Deactivated');
});

test('a reference is given in the body or in the query, and taken away by an empty one', async () => {
  const { iccid } = await buyOne();
  const name = (options: object) => call('PUT', '/esims', options);
  const answer = await name({ body: { iccid, customerRef: 'shop 1' } });
  assert.deepEqual([answer.status, answer.body], [200, { status: 'success' }]);
  assert.equal((await get(iccid)).customerRef, 'shop 1');
  await name({ query: { iccid, customerRef: 'shop 2' } });
  assert.equal((await get(iccid)).customerRef, 'shop 2');
  assert.deepEqual(
    (await history(iccid)).map((each) => each.name),
    ['eSIM Updated', 'eSIM Updated', 'Bundle Applied'],
  );
  await name({ body: { iccid, customerRef: '' } });
  assert.equal((await get(iccid)).customerRef, '');
});

test('the history tells what happened in the words of the document, newest first', async () => {
  const esim = await buyOne();
  await order({ esims: [esim.iccid] });
  await call('DELETE', `/esims/${esim.iccid}/bundles/${bundleName}`);
  await attach(esim);
  await use(esim, 1_000_000_000n);
  await call('GET', `/esims/${esim.iccid}/refresh`);
  const entries = await history(esim.iccid);
  const names = entries.map(({ name }) => name);
  assert.equal(names[0], 'eSIM Refreshed');
  assert.deepEqual(names.slice(-5), [
    'eSIM First Attachment',
    'Bundle Refunded to Inventory',
    'Bundle Revoked',
    'Bundle Applied',
    'Bundle Applied',
  ]);
  for (const name of ['eSIM First Use', 'Bundle Expired', 'eSIM Utilisation Alert'])
    assert.ok(names.includes(name), name);
  const alert = entries.find(({ name }) => name === 'eSIM Utilisation Alert');
  assert.deepEqual([alert?.alertType, alert?.bundleName], ['Utilisation', bundleName]);
  const dates = entries.map(({ date }) => date);
  assert.deepEqual(dates, dates.toSorted().reverse());
});

test('no more than 200 entries are told', async () => {
  const { iccid, id, accountId } = await buyOne();
  await query(
    ctx.db,
    `insert into events.events (account_id, type, resource_id, data, request_id, actor, occurred_at)
     select $1, 'bundle.revoked', 'bun_x', jsonb_build_object('esimId', $2::text, 'refundTo', 'balance'), '', '', now()
     from generate_series(1, 150)`,
    [accountId, id],
  );
  assert.equal((await history(iccid)).length, 200);
});

test('eSIMs are listed page by page with what was done to each of them last, and those of others are not', async () => {
  const before = (await list()).rows;
  const theirs = await buyOne(subaccount);
  const [a, b, c] = (await buy(3)).map(({ iccid }) => iccid);
  await call('PUT', '/esims', { body: { iccid: b, customerRef: 'listed' } });
  const { esims, rows, pageCount, pageSize } = await list();
  assert.deepEqual([rows, pageSize, pageCount], [before + 3, 10, Math.ceil((before + 3) / 10)]);
  assert.deepEqual(iccids({ esims: esims.slice(0, 3) }).toSorted(), [a, b, c].toSorted());
  assert.ok(!iccids(await list({ perPage: 100 })).includes(theirs.iccid));
  const named = esims.find((each: { iccid: string }) => each.iccid === b);
  assert.deepEqual(named, {
    iccid: b,
    customerRef: 'listed',
    lastAction: 'eSIM Updated',
    actionDate: named.actionDate,
    physical: false,
    assignedDate: named.assignedDate,
  });
  assert.ok(named.actionDate >= named.assignedDate);
});

test('pages by ICCID follow each other in both directions', async () => {
  await buy(12);
  const { rows, pageCount } = await list();
  for (const direction of ['asc', 'desc']) {
    const pages = [];
    for (let page = 1; page <= pageCount; page++)
      pages.push(...iccids(await list({ orderBy: 'iccid', direction, page })));
    assert.deepEqual([pages.length, new Set(pages).size], [rows, rows]);
    const sorted = pages.toSorted();
    assert.deepEqual(pages, direction === 'asc' ? sorted : sorted.reverse());
  }
  assert.deepEqual(iccids(await list({ page: pageCount + 1 })), []);
});

test('eSIMs are filtered by ICCID, reference and day', async () => {
  const [one, two] = await buy(2);
  const [small, large] = [one?.iccid ?? '', two?.iccid ?? ''].toSorted();
  await call('PUT', '/esims', { body: { iccid: small, customerRef: 'Filter A-1' } });
  await call('PUT', '/esims', { body: { iccid: large, customerRef: 'Filter A-2' } });
  const found = async (filterBy: string, filter: string) =>
    iccids(await list({ filterBy, filter, perPage: 100, orderBy: 'iccid' }));
  assert.deepEqual(await found('iccid', small ?? ''), [small]);
  assert.deepEqual(await found('iccid', `eq:${large}`), [large]);
  assert.deepEqual((await found('iccid', `gte:${small}`)).slice(0, 2), [small, large]);
  assert.ok(!(await found('iccid', `gt:${small}`)).includes(small ?? ''));
  assert.deepEqual(await found('customerRef', 'filter a'), [small, large]);
  assert.deepEqual(await found('customerRef', '*A-2*'), [large]);
  assert.deepEqual(await found('customerRef', 'eq:Filter A-1'), [small]);
  assert.deepEqual(await found('customerRef', 'eq:filter a-1'), []);
  const today = new Date().toISOString().slice(0, 10);
  const { rows } = await list();
  assert.equal((await list({ filterBy: 'assignedDate', filter: `gte:${today}` })).rows, rows);
  assert.equal((await list({ filterBy: 'assignedDate', filter: today })).rows, rows);
  assert.equal((await list({ filterBy: 'assignedDate', filter: `lt:${today}` })).rows, 0);
  assert.equal((await list({ filterBy: 'assignedDate', filter: 'lte:2024-01-01T00:00:00Z' })).rows, 0);
});

test('eSIMs are filtered by what was done last to them, and when', async () => {
  const esim = await buyOne();
  await call('GET', `/esims/${esim.iccid}/refresh`);
  const found = async (filterBy: string, filter: string) => list({ filterBy, filter, orderBy: 'iccid' });
  const refreshed = await found('lastAction', 'eSIM Refreshed');
  assert.ok(iccids(refreshed).includes(esim.iccid));
  assert.ok(
    refreshed.esims.every(({ lastAction }: { lastAction: string }) => lastAction === 'eSIM Refreshed'),
  );
  assert.deepEqual(iccids(await found('lastAction', 'refresh')), iccids(refreshed));
  assert.equal((await found('lastAction', 'eq:refresh')).rows, 0);
  const [{ actionDate }] = (await list({ filterBy: 'iccid', filter: esim.iccid })).esims;
  assert.deepEqual(iccids(await found('actionDate', `eq:${actionDate}`)), [esim.iccid]);
  assert.equal((await found('actionDate', `gt:${new Date(Date.now() + 60_000).toISOString()}`)).rows, 0);
});

test('an empty filter, and a name without a value, is no filter', async () => {
  const { rows } = await list();
  assert.equal((await list('filterBy=iccid&filter=')).rows, rows);
});

test('whether a bundle can be used on an eSIM is said', async () => {
  const { iccid, id } = await buyOne();
  const ask = async () => (await call('GET', `/esims/${iccid}/compatible/${bundleName}`)).body;
  assert.deepEqual(await ask(), { compatible: true });
  await setState(id, 'deleted');
  assert.deepEqual(await ask(), { compatible: false });
});
