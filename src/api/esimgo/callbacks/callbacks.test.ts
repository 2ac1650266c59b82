import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, test } from 'node:test';
import { setSigningSecret } from '../../../modules/accounts/index.ts';
import type { NewProduct } from '../../../modules/catalogue/index.ts';
import { openReceiver, type Received } from '../../../modules/webhooks/test_receiver.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { writeUuid } from '../../http/uuid_of_id.ts';
import { spec } from '../spec/spec.ts';
import { bundle1Gb, openEsimGo } from '../test_esimgo.ts';
import { openCallbacks } from './test_callbacks.ts';

const calls: NewProduct = {
  ...bundle1Gb,
  name: 'esim_CALLS_7D_NL_V2',
  description: 'Calls and messages',
  dataBytes: null,
  smsCount: 10,
  voiceSeconds: 600,
};
const endless: NewProduct = { ...bundle1Gb, name: 'esim_UL_1D_NL_V2', dataBytes: null, unlimited: true };
const door = await openEsimGo(await testDatabase(), {
  products: [bundle1Gb, calls, endless],
  fulfils: false,
});
const { id: accountId } = door.account.account;
const receiver = await openReceiver();
after(() => receiver.close());
const callbacks = openCallbacks(door.ctx, { accountId, url: receiver.url });

/** What came since this was asked before. */
async function toldNow(): Promise<Received[]> {
  await callbacks.tellAll();
  return receiver.received.splice(0);
}

/** Of `/v1`, which tells what the network tells. */
async function call(path: string, body?: object, { secret } = door.account) {
  const response = await door.app.inject({
    method: body ? 'POST' : 'GET',
    url: `/v1${path}`,
    headers: { authorization: `Bearer ${secret}` },
    ...(body && { payload: body }),
  });
  assert.ok(response.statusCode < 300, response.payload);
  return response.json();
}

/** A new eSIM with this bundle, and nobody told about it yet. */
async function newEsim(product = bundle1Gb.name, of = door.account) {
  const order = await call('/orders', { lines: [{ product }] }, of);
  await door.fulfil();
  const { data } = await call(`/orders/${order.id}/esims`, undefined, of);
  await toldNow();
  return { iccid: String(data[0].iccid), orderId: String(order.id) };
}

let records = 0;
const use = (sim: string, more: object) =>
  call('/usage', {
    records: [
      {
        id: `r${records++}`,
        sim,
        at: new Date().toISOString(),
        mcc: '204',
        mnc: '04',
        country: 'NL',
        ...more,
      },
    ],
  });
/** What of different resources comes first is not said. */
const alerts = async () =>
  (await toldNow())
    .map(({ body }) => JSON.parse(body))
    .sort((a, b) => b.alertType.localeCompare(a.alertType));

test('the parts of a bundle are told as they are used up, with all members of the document', async () => {
  await callbacks.set({});
  const { iccid, orderId } = await newEsim();
  await use(iccid, { kind: 'data', bytesDown: 10_000_000 });
  const [one, first, ...none] = await alerts();
  assert.deepEqual([one.alertType, first.alertType, none], ['Utilisation', 'FirstUse', []]);
  const members = spec.$defs['BundleAlert']?.properties ?? {};
  assert.deepEqual(Object.keys(one).sort(), Object.keys(members).sort());
  assert.deepEqual(Object.keys(one.bundle).sort(), Object.keys(members['bundle']?.properties ?? {}).sort());
  const { id, startTime, endTime, ...bundle } = one.bundle;
  assert.equal(one.iccid, iccid);
  assert.match(id, /^bun_/);
  assert.deepEqual(bundle, {
    reference: `${writeUuid(orderId)}-0`,
    name: bundle1Gb.name,
    description: bundle1Gb.description,
    initialQuantity: 1_000_000_000,
    remainingQuantity: 990_000_000,
    unlimited: false,
  });
  assert.equal(Date.parse(endTime) - Date.parse(startTime), 7 * 86_400_000);
  await use(iccid, { kind: 'data', bytesDown: 800_000_000 });
  await use(iccid, { kind: 'data', bytesDown: 190_000_000 });
  const more = await alerts();
  assert.deepEqual(
    more.map(({ alertType, bundle: of }) => [alertType, of.remainingQuantity]),
    [
      ['Utilisation', 190_000_000],
      ['Utilisation', 190_000_000],
      ['Utilisation', 0],
    ],
  );
});

test('an eSIM is told to be attached once, then in which other country it is', async () => {
  const { iccid } = await newEsim();
  const attach = (mcc: string, mnc: string) => call('/network/attachments', { sim: iccid, mcc, mnc });
  await attach('204', '08');
  await attach('204', '16');
  await attach('262', '01');
  assert.deepEqual(await alerts(), [
    { iccid, alertType: 'FirstAttachment', country: { code: 'NL', name: 'Netherlands' } },
    { iccid, alertType: 'CountryChange', country: { code: 'DE', name: 'Germany' } },
  ]);
});

test('messages and calls are counted in messages and minutes', async () => {
  const { iccid } = await newEsim(calls.name);
  await use(iccid, { kind: 'sms', count: 5 });
  await use(iccid, { kind: 'voice', seconds: 330 });
  const told = (await alerts()).map(({ alertType, bundle: of }) => [
    alertType,
    of.initialQuantity,
    of.remainingQuantity,
  ]);
  // At 1 and 50 percent of each; without data there is no first use of data.
  assert.deepEqual(told, [
    ['Utilisation', 10, 5],
    ['Utilisation', 10, 5],
    ['Utilisation', 10, 4],
    ['Utilisation', 10, 4],
  ]);
});

test('the first use of data without a limit tells which bundle that was', async () => {
  const { iccid } = await newEsim(endless.name);
  await use(iccid, { kind: 'data', bytesDown: 10_000_000 });
  const [{ alertType, bundle }, ...none] = await alerts();
  assert.deepEqual([alertType, bundle.unlimited, bundle.name, none], ['FirstUse', true, endless.name, []]);
});

/** Of the body as it came, keyed with `key`. */
const signed = ({ body }: Received, key: string, encoding: 'base64' | 'hex' = 'base64') =>
  createHmac('sha256', key).update(body).digest(encoding);
const signatureOf = ({ headers }: Received) => headers['x-signature-sha256'];

test('version 3 is signed with the key that set it, or the secret of the account as soon as it has one', async () => {
  await callbacks.set({}, door.account.secret);
  const attach = async () => {
    const { iccid } = await newEsim();
    await call('/network/attachments', { sim: iccid, mcc: '204', mnc: '08' });
    const [received] = await toldNow();
    assert.ok(received);
    assert.match(received.headers['webhook-id'] ?? '', /^dlv_/);
    return received;
  };
  const first = await attach();
  assert.equal(signatureOf(first), signed(first, door.account.secret));
  const hex = await callbacks.set({ signatureEncoding: 'hex' }, door.account.secret).then(attach);
  assert.equal(signatureOf(hex), signed(hex, door.account.secret, 'hex'));
  const secret = await write(door.ctx, {}, (tx) => setSigningSecret(tx, { accountId, door: 'esimgo' }));
  await callbacks.set({});
  const last = await attach();
  assert.equal(signatureOf(last), signed(last, secret));
});

test('version 2 is unsigned, and says less', async () => {
  await callbacks.set({ callbackVersion: 2 }, door.account.secret);
  const { iccid } = await newEsim();
  await call('/network/attachments', { sim: iccid, mcc: '204', mnc: '08' });
  await use(iccid, { kind: 'data', bytesDown: 1_000_000 });
  const received = await toldNow();
  assert.deepEqual(received.map(signatureOf), [undefined, undefined]);
  const [attached, used] = received.map(({ body }) => JSON.parse(body));
  assert.deepEqual(attached, { iccid, alertType: 'FirstAttachment' });
  assert.deepEqual(Object.keys(used.bundle), [
    'name',
    'initialQuantity',
    'remainingQuantity',
    'startTime',
    'endTime',
  ]);
});

test('nobody is told about the eSIMs of another account', async () => {
  await callbacks.set({});
  const { iccid } = await newEsim(bundle1Gb.name, door.subaccount);
  const attached = await call('/network/attachments', { sim: iccid, mcc: '204', mnc: '08' }, door.subaccount);
  assert.equal(attached.allowed, true);
  assert.deepEqual(await alerts(), []);
});
