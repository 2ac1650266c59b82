import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attachLine, getSim, listCommands } from '../../../modules/sims/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { shopper } from '../bundles/test_shopper.ts';
import { openEsimGo } from '../test_esimgo.ts';

const door = await openEsimGo(await testDatabase());
const { call, ctx, account } = door;
const { buyOne, attach } = shopper(door);
const accountId = account.account.id;
const see = (key: string) => getSim(ctx, { accountId, key });

test('a refreshed eSIM is off its network until it attaches again', async () => {
  const esim = await buyOne();
  await attach(esim);
  assert.equal((await see(esim.id)).attached, true);
  const { status, body } = await call('GET', `/esims/${esim.iccid}/refresh`);
  assert.deepEqual([status, body], [200, { status: 'Successfully refreshed SIM' }]);
  assert.equal((await see(esim.id)).attached, false);
  await attach(esim);
  assert.equal((await see(esim.id)).attached, true);
});

test('the location is that of the network that saw the eSIM last', async () => {
  const esim = await buyOne();
  await attach(esim);
  const { body } = await call('GET', `/esims/${esim.iccid}/location`);
  const { locatedAt } = await see(esim.id);
  assert.deepEqual(
    { ...body, networkName: '' },
    {
      mobileNetworkCode: '20408',
      networkName: '',
      networkBrandName: 'KPN',
      country: 'NL',
      lastSeen: locatedAt?.toISOString(),
    },
  );
  assert.ok(body.networkName.length > 0);
});

test('a message waits for the line, once for the same key', async () => {
  const { iccid, id } = await buyOne();
  const headers = { 'Idempotency-Key': 'sms-1' };
  for (let n = 0; n < 2; n++) {
    const sent = await call('POST', `/esims/${iccid}/sms`, {
      body: { message: 'Hello €!', from: 'eSIM' },
      headers,
    });
    assert.deepEqual([sent.status, sent.body], [200, { status: 'sent' }]);
  }
  const { status } = await call('POST', `/esims/${iccid}/sms`, {
    body: { message: 'é'.repeat(160), from: '' },
  });
  assert.equal(status, 200);
  const commands = await listCommands(ctx, { accountId, simId: (await see(id)).id, kind: 'sms' });
  assert.deepEqual(
    commands.map(({ payload }) => payload),
    ['é'.repeat(160), 'Hello €!'],
  );
});

test('a suspended eSIM may not attach until it is unsuspended, and repeating either changes nothing', async () => {
  const { iccid, id } = await buyOne();
  const path = `/esims/${iccid}/suspend`;
  const state = async () => [
    (await call('GET', path)).body.suspended,
    (await call('GET', `/esims/${iccid}`)).body.state,
  ];
  assert.deepEqual(await state(), [false, 'Active']);
  for (let n = 0; n < 2; n++) {
    const { status, body } = await call('POST', path, { body: { suspend: true } });
    assert.deepEqual([status, body], [201, { status: 'eSIM suspended successfully' }]);
  }
  assert.deepEqual(await state(), [true, 'Suspended']);
  const tryAttach = () =>
    write(ctx, {}, (tx) => attachLine(tx, { accountId, sim: id, mcc: '204', mnc: '08' }));
  assert.equal((await tryAttach()).allowed, false);
  for (const suspend of [false, 'false'])
    assert.equal((await call('POST', path, { body: { suspend } })).status, 201);
  assert.deepEqual(await state(), [false, 'Active']);
  assert.equal((await tryAttach()).allowed, true);
});
