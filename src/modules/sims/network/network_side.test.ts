import assert from 'node:assert/strict';
import { test } from 'node:test';
import { challengeAnswers, milenage, readSqn, xor } from '../../../crypto/milenage.ts';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { getSubscription } from '../../inventory/index.ts';
import {
  attachLine,
  authenticationVector,
  createFleet,
  detachLine,
  locateLine,
  noteUsage,
  setSpeeds,
  updateSim,
} from '../index.ts';
import { allowCountries, openLines } from '../test_lines.ts';
import { ipV4Of } from './ip_address.ts';

const database = await testDatabase();
const ctx = testCtx(database);
const lines = await openLines(ctx);
const { accountId } = lines;
const kpn = { mcc: '204', mnc: '08' };
const orange = { mcc: '208', mnc: '01' };

const attach = (sim: string, parts: object = kpn) =>
  write(ctx, {}, (tx) => attachLine(tx, { accountId, sim, ...kpn, ...parts }));
const update = (key: string, parts: object) =>
  write(ctx, {}, (tx) => updateSim(tx, { accountId, key, ...parts }));
const typesOf = async (id: string) => (await lines.events(id)).map(({ type }) => type);

test('a ready line attaches by its IMSI, gets an address, and its first time is told once', async () => {
  const sim = await lines.newLine();
  const first = await attach(sim.imsi);
  assert.deepEqual(first, {
    allowed: true,
    cause: null,
    ipV4: ipV4Of(sim),
    apn: 'internet',
    dataAllowed: true,
    speedKbps: null,
    networkName: first.networkName,
    country: 'NL',
  });
  await attach(sim.iccid);
  await attach(sim.id, { mnc: '04' });
  const { attached, country, mcc, mnc, firstAttachedAt } = await lines.see(sim.id);
  assert.deepEqual([attached, country, mcc, mnc, firstAttachedAt], [true, 'NL', '204', '04', ctx.now]);
  assert.deepEqual(
    (await typesOf(sim.id)).filter((type) => /attached|country/.test(type)),
    ['sim.first_attached', 'sim.attached', 'sim.attached'],
  );
});

test('another country is told when the line roams there', async () => {
  const sim = await lines.newLine();
  await attach(sim.id);
  await write(ctx, {}, (tx) => locateLine(tx, { accountId, sim: sim.id, ...orange }));
  const moved = (await lines.events(sim.id)).find(({ type }) => type === 'sim.country_changed');
  assert.deepEqual([moved?.data['from'], moved?.data['to']], ['NL', 'FR']);
});

test('a line detaches once, and has no address then', async () => {
  const sim = await lines.newLine();
  await attach(sim.id);
  for (let n = 0; n < 2; n++) await write(ctx, {}, (tx) => detachLine(tx, { accountId, sim: sim.id }));
  const { attached, ipV4 } = await lines.see(sim.id);
  assert.deepEqual([attached, ipV4], [false, null]);
  assert.equal((await typesOf(sim.id)).filter((type) => type === 'sim.detached').length, 1);
});

test('an older sighting does not move a line back', async () => {
  const sim = await lines.newLine();
  await attach(sim.id, orange);
  await attach(sim.id, { at: new Date(ctx.now.getTime() - 60_000) });
  assert.equal((await lines.see(sim.id)).country, 'FR');
});

for (const [status, cause] of [
  ['new', 'line_not_ready'],
  ['inactive', 'line_inactive'],
  ['ended', 'line_inactive'],
] as const)
  test(`a line that is ${status} may not attach: ${cause}`, async () => {
    const sim = await lines.newLine({ status: status === 'new' ? 'new' : 'ready' });
    if (status !== 'new') await update(sim.id, { status });
    const { allowed, cause: told, ipV4, dataAllowed } = await attach(sim.id);
    assert.deepEqual([allowed, told, ipV4, dataAllowed], [false, cause, null, false]);
    assert.equal((await lines.see(sim.id)).attached, false);
  });

test('a network that is unknown or not of the profile is refused', async () => {
  const networkAccessProfile = await allowCountries(ctx, accountId, ['NL']);
  const fleet = await write(ctx, {}, (tx) => createFleet(tx, { accountId, networkAccessProfile }));
  const sim = await lines.newLine();
  await update(sim.id, { fleet: fleet.id });
  assert.equal((await attach(sim.id, { mcc: '999', mnc: '99' })).cause, 'unknown_network');
  assert.equal((await attach(sim.id, orange)).cause, 'network_forbidden');
  assert.equal((await attach(sim.id)).cause, null);
  const roamed = await write(ctx, {}, (tx) => locateLine(tx, { accountId, sim: sim.id, ...orange }));
  assert.equal(roamed.cause, 'network_forbidden');
  assert.equal((await lines.see(sim.id)).attached, false);
});

test('data is allowed as the fleet and its limit say, at the speed of fair use', async () => {
  const networkAccessProfile = await allowCountries(ctx, accountId, ['NL']);
  const fleet = await write(ctx, {}, (tx) =>
    createFleet(tx, { accountId, networkAccessProfile, dataLimitBytes: 10n, apn: 'm2m' }),
  );
  const sim = await lines.newLine();
  await update(sim.id, { fleet: fleet.id });
  const used = {
    simId: sim.id,
    from: ctx.now,
    at: ctx.now,
    bytes: 10n,
    sms: 0,
    country: null,
    mcc: null,
    mnc: null,
  };
  await write(ctx, {}, async (tx) => {
    await noteUsage(tx, [used]);
    await setSpeeds(tx, [{ esimId: sim.esimId, speedKbps: 64 }]);
  });
  const { allowed, dataAllowed, speedKbps, apn } = await attach(sim.id);
  assert.deepEqual([allowed, dataAllowed, speedKbps, apn], [true, false, 64, 'm2m']);
});

test('a suspended line leaves the network', async () => {
  const sim = await lines.newLine();
  await attach(sim.id);
  await update(sim.id, { status: 'inactive' });
  assert.equal((await lines.see(sim.id)).attached, false);
});

test('a time to come and an unknown line are refused', async () => {
  const sim = await lines.newLine();
  const at = new Date(ctx.now.getTime() + 3_600_000);
  await assert.rejects(attach(sim.id, { at }), { code: 'invalid_request' });
  await assert.rejects(attach('999700000000000'), { code: 'not_found' });
  await assert.rejects(
    write(ctx, {}, (tx) => locateLine(tx, { accountId, sim: sim.id, ...kpn })),
    {
      code: 'conflict',
    },
  );
});

test("a network key of another account cannot see the line, the platform's own receivers can", async () => {
  const sim = await lines.newLine();
  const other = await openLines(ctx);
  await assert.rejects(attach(sim.imsi, { accountId: other.accountId }), { code: 'not_found' });
  assert.equal((await attach(sim.imsi, { accountId: null })).allowed, true);
});

test('a vector proves the network to the card and the card to the network, and is fresh each time', async () => {
  const sim = await lines.newLine();
  const { ki, opc } = await getSubscription(ctx, sim.iccid);
  const vectors = [];
  for (let n = 0; n < 3; n++)
    vectors.push(await write(ctx, {}, (tx) => authenticationVector(tx, { accountId, sim: sim.imsi })));
  const sqns = vectors.map(({ rand, autn, xres }) => {
    const { res, ak } = challengeAnswers({ ki, opc, rand });
    const sqn = readSqn(xor(autn.subarray(0, 6), ak));
    const { macA } = milenage({ ki, opc, rand, sqn, amf: autn.subarray(6, 8) });
    assert.deepEqual(Buffer.from(autn.subarray(8)), Buffer.from(macA));
    assert.deepEqual(Buffer.from(xres), Buffer.from(res));
    return sqn;
  });
  assert.deepEqual(sqns, [32n, 64n, 96n]);
});

test('ended lines and those of another core get no vector', async () => {
  const ended = await lines.newLine();
  await update(ended.id, { status: 'ended' });
  const remote = await lines.newLine({ core: 'osmo_hlr' });
  for (const sim of [ended, remote])
    await assert.rejects(
      write(ctx, {}, (tx) => authenticationVector(tx, { accountId, sim: sim.id })),
      {
        code: 'conflict',
      },
    );
});

test('a line whose IMSI only another operator knows attaches by its ICCID, and has no vectors here', async () => {
  const [one, two] = [
    await lines.newUnknownLine('8949000000000000001'),
    await lines.newUnknownLine('8949000000000000019'),
  ];
  const attachments = [await attach(one.iccid), await attach(two.iccid)];
  assert.deepEqual(
    attachments.map(({ allowed, ipV4 }) => [allowed, ipV4]),
    [
      [true, ipV4Of(one)],
      [true, ipV4Of(two)],
    ],
  );
  assert.notEqual(attachments[0]?.ipV4, attachments[1]?.ipV4);
  await assert.rejects(
    write(ctx, {}, (tx) => authenticationVector(tx, { accountId, sim: one.id })),
    { code: 'conflict' },
  );
  assert.equal((await lines.see(one.iccid)).imsi, null);
});

test('lines of one range have different addresses of the shared range', () => {
  const addresses = Array.from({ length: 2000 }, (_, n) =>
    ipV4Of({ imsi: `99970${String(n * 7).padStart(10, '0')}`, iccid: '8999701000000000017' }),
  );
  assert.equal(new Set(addresses).size, 2000);
  for (const address of addresses) {
    const [a, b] = address.split('.').map(Number);
    assert.ok(a === 100 && b! >= 64 && b! <= 127, address);
  }
});
