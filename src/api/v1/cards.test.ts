import assert from 'node:assert/strict';
import { test } from 'node:test';
import { luhnDigit } from '../../base/digits.ts';
import { milenage, readSqn, writeSqn, xor } from '../../crypto/milenage.ts';
import { query } from '../../pg/query.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop, product } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const { profileType } = product;
const ki = '00112233445566778899aabbccddeeff';
const opc = 'ffeeddccbbaa99887766554433221100';
const registrationCode = 'PRINTED0N1T';

let cards = 0;
async function addCard(): Promise<{ iccid: string; imsi: string }> {
  const digits = `8949200000000003${String(++cards).padStart(2, '0')}`;
  const card = { iccid: digits + luhnDigit(digits), imsi: `26201000000${3000 + cards}` };
  const profiles = [{ ...card, ki, opc, registrationCode }];
  const { status } = await shop.call('POST', '/v1/stock/batches', { body: { profileType, profiles } });
  assert.equal(status, 201);
  return card;
}
const register = (body: object, options: object = {}) => shop.call('POST', '/v1/sims', { body, ...options });

test('a card is registered, made ready, attached with its own keys, topped up and used; then it moves on', async () => {
  const { iccid, imsi } = await addCard();
  const { status, json: sim } = await register({ iccid, registrationCode });
  assert.deepEqual([status, sim.status, sim.iccid, sim.imsi], [201, 'new', iccid, imsi]);
  assert.deepEqual((await shop.call('GET', `/v1/sims/${sim.id}`)).json, sim);
  const seen = { sim: imsi, mcc: '204', mnc: '08' };
  const attach = () => shop.call('POST', '/v1/network/attachments', { body: seen });
  assert.equal((await attach()).json.cause, 'line_not_ready');
  await shop.call('POST', `/v1/sims/${iccid}`, { body: { status: 'ready' } });

  const vector = (await shop.call('POST', '/v1/network/authentication-vectors', { body: { sim: imsi } }))
    .json;
  checkVector(vector);
  const attached = (await attach()).json;
  assert.deepEqual([attached.allowed, attached.country], [true, 'NL']);

  const topUp = await shop.call('POST', '/v1/orders', {
    body: { lines: [{ product: product.name, esims: [iccid] }] },
  });
  assert.equal(topUp.status, 201);
  await shop.fulfil();
  const records = [
    {
      id: 'u1',
      sim: iccid,
      kind: 'data',
      at: new Date().toISOString(),
      bytesDown: 250_000_000,
      mcc: '204',
      mnc: '08',
    },
  ];
  assert.equal((await shop.call('POST', '/v1/usage', { body: { records } })).json.counted, 1);
  const { data } = (await shop.call('GET', `/v1/esims/${iccid}/bundles`)).json;
  assert.deepEqual(
    [data.length, data[0].state, data[0].remainingBytes],
    [1, 'active', 750_000_000],
    JSON.stringify(data[0]),
  );

  const branch = (await shop.call('POST', '/v1/subaccounts', { body: { name: 'Branch' } })).json;
  const moved = await shop.call('POST', `/v1/esims/${iccid}/move`, { body: { account: branch.id } });
  assert.deepEqual([moved.status, moved.json.accountId], [200, branch.id]);
  const there = await shop.call('GET', `/v1/sims/${iccid}`, { headers: { 'overair-account': branch.id } });
  assert.deepEqual([there.status, there.json.id, there.json.status], [200, sim.id, 'active']);
});

/** The challenge comes from who knows the keys of this card: its MAC is right, and so is the answer it expects. */
function checkVector({ rand, autn, xres }: Record<string, string>): void {
  const bytes = Buffer.from(autn ?? '', 'hex');
  const challenge = {
    ki: Buffer.from(ki, 'hex'),
    opc: Buffer.from(opc, 'hex'),
    rand: Buffer.from(rand ?? '', 'hex'),
    amf: bytes.subarray(6, 8),
  };
  const { ak } = milenage({ ...challenge, sqn: 0n });
  const sqn = readSqn(xor(bytes.subarray(0, 6), ak));
  const { macA, res } = milenage({ ...challenge, sqn });
  assert.deepEqual(Buffer.from(xor(writeSqn(sqn), ak)), bytes.subarray(0, 6));
  assert.deepEqual(Buffer.from(macA), bytes.subarray(8));
  assert.equal(Buffer.from(res).toString('hex'), xres?.toLowerCase());
}

test('the eSIM of a card has no code, and nothing to download', async () => {
  const { iccid } = await addCard();
  await register({ iccid, registrationCode });
  const { json: esim } = await shop.call('GET', `/v1/esims/${iccid}`);
  assert.deepEqual([esim.origin, esim.orderId, esim.state], ['card', null, 'installed']);
  assert.deepEqual(
    [esim.activationCode, esim.qrCode, esim.installLinks, esim.smdpAddress],
    [null, null, null, null],
  );
  const qr = await shop.call('GET', `/v1/esims/${iccid}/qr.png`);
  assert.deepEqual([qr.status, qr.json.code], [409, 'conflict']);
  assert.match((await shop.app.inject(new URL(esim.installUrl).pathname)).body, /SIM card is registered/);
});

test('what is wrong with an unknown ICCID, a code or a card of others is not told', async () => {
  const { iccid } = await addCard();
  const secret = await shop.newKey(['lines:write', 'read'], await shop.newAccount());
  const answers = [
    await register({ iccid: '8949200000000009999', registrationCode }),
    await register({ iccid, registrationCode: 'WR0NGC0DE' }),
  ];
  await register({ iccid, registrationCode });
  answers.push(await register({ iccid, registrationCode }, { secret }));
  for (const { status, json } of answers) {
    assert.deepEqual([status, json.code], [409, 'registration_refused']);
    assert.equal(json.detail, answers[0]?.json.detail);
  }
  assert.equal((await register({ iccid, registrationCode })).json.code, 'conflict');
});

test('a registration repeated with its key is answered the same, and the key stands for it alone', async () => {
  const { iccid } = await addCard();
  const headers = { 'idempotency-key': 'r1' };
  const first = await register({ iccid, registrationCode }, { headers });
  assert.equal(first.status, 201);
  assert.deepEqual((await register({ iccid, registrationCode }, { headers })).json, first.json);
  const other = await register({ iccid, registrationCode: 'AN0THER0NE' }, { headers });
  assert.equal(other.json.code, 'idempotency_key_reused');
});

for (const [name, body, field] of [
  ['no code', { iccid: '8949200000000009999' }, 'registrationCode'],
  ['no ICCID', { registrationCode }, 'iccid'],
  ['an unknown member', { iccid: '8949200000000009999', registrationCode, pin: '1' }, 'pin'],
] as const) {
  test(`a registration with ${name} is refused by name`, async () => {
    const { json } = await register(body);
    assert.deepEqual([json.code, json.fields[0].field], ['invalid_request', field]);
  });
}

test('generated cards come with their codes, the same for the same key, kept nowhere in the clear', async () => {
  const body = { profileType, generate: 3, registrationCodes: true };
  const headers = { 'idempotency-key': 'cards' };
  const { json } = await shop.call('POST', '/v1/stock/batches', { body, headers });
  assert.equal(json.registrationCodes.length, 3);
  const again = await shop.call('POST', '/v1/stock/batches', { body, headers });
  assert.deepEqual(again.json, json);
  const stored = await query<{ answer: unknown }>(shop.ctx.db, 'select answer from overair.idempotency_keys');
  assert.ok(stored.length > 0);
  for (const { registrationCode: code } of json.registrationCodes)
    assert.ok(
      !JSON.stringify(stored, (_, value) => (typeof value === 'bigint' ? `${value}` : value)).includes(code),
    );
  const [card] = json.registrationCodes;
  assert.equal((await register(card)).status, 201);
});

test('codes are asked for with generated cards only', async () => {
  const profile = { iccid: '8949200000000009999', imsi: '262010000000001', ki, opc };
  const body = { profileType, profiles: [profile], registrationCodes: true };
  const { json } = await shop.call('POST', '/v1/stock/batches', { body });
  assert.deepEqual([json.code, json.fields[0].field], ['invalid_request', 'registrationCodes']);
});
