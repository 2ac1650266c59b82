import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, beforeEach, test } from 'node:test';
import twilio from 'twilio';
import { present } from '../../../base/assert.ts';
import { setSigningSecret } from '../../../modules/accounts/index.ts';
import { type EventType, emit } from '../../../modules/events/index.ts';
import {
  attachLine,
  createFleet,
  receiveCommand,
  reportCommand,
  sendCommand,
  takeCommands,
  updateSim,
} from '../../../modules/sims/index.ts';
import { allowCountries, openLines } from '../../../modules/sims/test_lines.ts';
import { answer, openReceiver, type Received } from '../../../modules/webhooks/test_receiver.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { writeSid } from '../wire/sid.ts';
import { koreCaller, openCallbacks, type SetCallback, twilioCaller } from './test_callbacks.ts';

const logged: string[] = [];
const keep = (...said: unknown[]) => void logged.push(said.map((each) => describe(each)).join(' '));
const base = testCtx(await testDatabase(), new Date());
const ctx: Ctx = { ...base, log: { debug: keep, info: keep, warn: keep, error: keep } };
const callbacks = openCallbacks(ctx);
const receiver = await openReceiver();
after(() => receiver.close());
beforeEach(() => {
  receiver.received.length = 0;
  receiver.reply = answer(204);
});

const lines = await openLines(ctx);
const accountId = lines.accountId as `acc_${string}`;
const AccountSid = writeSid('account', accountId);
const change = <T>(run: (tx: Ctx) => Promise<T>) => write(ctx, {}, run);
const happen = (type: EventType, resourceId: string, data: Record<string, unknown>) =>
  change((tx) => emit(tx, { accountId, type, resourceId, data }));
const set = (callback: Omit<SetCallback, 'accountId'>, caller = twilioCaller) =>
  callbacks.set(caller, { accountId, url: `${receiver.url}?x=1`, ...callback });

/** All that has come by now, as parameters. */
async function told(): Promise<Record<string, string>[]> {
  await callbacks.tellAll();
  return receiver.received.map(paramsOf);
}

function paramsOf({ method, url, body }: Received): Record<string, string> {
  const params = method === 'GET' ? new URL(url, receiver.url).searchParams : new URLSearchParams(body);
  const { x, ...rest } = Object.fromEntries(params);
  return rest;
}

const line = await lines.newLine();
const { esimId } = line;
const known = { iccid: line.iccid, eid: '89049032123451234512345678901235', smdpAddress: 'smdp.example.com' };
const esimParams = {
  ESimProfileSid: writeSid('esimProfile', esimId),
  SimSid: writeSid('sim', line.id),
  SimIccid: line.iccid,
  ESimProfileStatus: 'available',
  Eid: known.eid,
  SmdpPlusAddress: known.smdpAddress,
  ErrorCode: '',
  ErrorMessage: '',
};

for (const method of ['POST', 'GET'] as const)
  test(`an eSIM that is available is told by ${method}, signed so that the official library of Twilio agrees`, async () => {
    await set({ resourceId: esimId, topic: 'esim_profile', method });
    await happen('esim.available', esimId, known);
    assert.deepEqual(await told(), [esimParams]);
    const [request] = receiver.received;
    assert.equal(request?.method, method);
    assert.ok(isSignedByTwilio(request, 'ovr_password-of-the-caller'));
    assert.ok(!isSignedByTwilio(request, 'ovr_another-password'));
  });

test('Twilio callers are told that an eSIM is available and no more, KORE callers all that becomes of it', async () => {
  const types = [
    'esim.available',
    'esim.enabled',
    'esim.downloaded',
    'esim.installed',
    'esim.deleted',
  ] as const;
  await set({ resourceId: 'esm_twilio', topic: 'esim_profile' });
  await set({ resourceId: 'esm_kore', topic: 'esim_profile' }, koreCaller);
  for (const resourceId of ['esm_twilio', 'esm_kore'])
    for (const type of types) await happen(type, resourceId, known);
  const seen = Map.groupBy(await told(), (params) => params['ESimProfileSid']);
  const statuses = (sid: string) => seen.get(sid)?.map((params) => params['ESimProfileStatus']);
  assert.deepEqual(statuses('HPtwilio'), ['available']);
  assert.deepEqual(statuses('HPkore'), ['available', 'downloaded', 'installed']);
});

for (const [type, failure, code, message] of [
  ['order.failed', { code: 'stock_empty', detail: 'No profile is left.' }, '83500', 'No profile is left.'],
  ['order.failed', { code: 'internal', detail: 'It broke.' }, '20500', 'It broke.'],
  ['order.failed', undefined, '20500', 'The eSIM failed.'],
  ['order.cancelled', undefined, '20500', 'The order was cancelled; nothing was charged.'],
  ['esim.failed', { code: 'download_expired', detail: 'Too late.' }, '83501', 'Too late.'],
  ['esim.failed', { code: 'download_failed', detail: 'Refused.' }, '83501', 'Refused.'],
] as const)
  test(`${type} for ${failure?.code ?? 'no reason'} is told as failed with ${code}`, async () => {
    const id = 'esm_failing';
    const isOrder = type !== 'esim.failed';
    await set({ resourceId: id, topic: 'esim_profile' }, koreCaller);
    await happen(type, isOrder ? 'ord_failing' : id, {
      ...(isOrder && { esimId: id }),
      ...(failure && { failure }),
    });
    assert.deepEqual(await told(), [
      {
        ESimProfileSid: 'HPfailing',
        SimSid: '',
        SimIccid: '',
        ESimProfileStatus: 'failed',
        Eid: '',
        SmdpPlusAddress: '',
        ErrorCode: code,
        ErrorMessage: message,
      },
    ]);
  });

test('a line is told with the status that it came into, in the words of the vendors', async () => {
  const sim = await lines.newLine();
  await change((tx) => updateSim(tx, { accountId, key: sim.id, uniqueName: 'meter 1' }));
  await set({ resourceId: sim.id, topic: 'sim' });
  for (const status of ['active', 'inactive', 'ended'] as const)
    await change((tx) => updateSim(tx, { accountId, key: sim.id, status }));
  const params = await told();
  assert.deepEqual(params[0], {
    AccountSid,
    SimSid: writeSid('sim', sim.id),
    SimUniqueName: 'meter 1',
    SimIccid: sim.iccid,
    SimStatus: 'active',
    ErrorCode: '',
    ErrorMessage: '',
  });
  assert.deepEqual(
    params.map((each) => each['SimStatus']),
    ['active', 'inactive', 'inactive'],
  );
});

test('a line whose mobile core cannot be told is told with an error, in the status that it has', async () => {
  const sim = await lines.newLine({ core: 'osmo_hlr' });
  await set({ resourceId: sim.id, topic: 'sim', method: 'GET' });
  await change((tx) => updateSim(tx, { accountId, key: sim.id, status: 'inactive' }));
  await happen('sim.core_failed', sim.id, { iccid: sim.iccid, core: 'osmo_hlr', error: 'It refused.' });
  const [params] = await told();
  assert.deepEqual(
    [params?.['SimStatus'], params?.['ErrorCode'], params?.['ErrorMessage'], params?.['SimUniqueName']],
    ['scheduled', '83004', 'It refused.', ''],
  );
});

test('an SMS command is told at each step until it is delivered', async () => {
  const sim = await attached();
  const { id } = await change((tx) =>
    sendCommand(tx, { accountId, sim: sim.id, kind: 'sms', payload: 'a b&c=ü' }),
  );
  await set({ resourceId: id, topic: 'sms_command' });
  await change((tx) => takeCommands(tx, { accountId, sim: sim.id }));
  await change((tx) => reportCommand(tx, { accountId, id, status: 'delivered' }));
  const params = {
    Status: 'sent',
    ApiVersion: 'v1',
    AccountSid,
    SimSid: writeSid('sim', sim.id),
    SimUniqueName: '',
    Direction: 'to_sim',
    CommandSid: writeSid('smsCommand', id),
    Command: 'a b&c=ü',
    Payload: 'a b&c=ü',
    PayloadType: 'text',
  };
  assert.deepEqual(await told(), [params, { ...params, Status: 'delivered' }]);
  assert.ok(receiver.received.every((each) => isSignedByTwilio(each, 'ovr_password-of-the-caller')));
});

test('an IP command is told when it is sent, with the address that it went to', async () => {
  const sim = await attached();
  const { id } = await change((tx) =>
    sendCommand(tx, { accountId, sim: sim.id, kind: 'ip', payload: 'on', devicePort: 4000 }),
  );
  await set({ resourceId: id, topic: 'ip_command', method: 'GET' });
  await change((tx) => takeCommands(tx, { accountId, sim: sim.id }));
  assert.deepEqual(await told(), [
    {
      Status: 'sent',
      ApiVersion: 'v1',
      AccountSid,
      SimSid: writeSid('sim', sim.id),
      SimUniqueName: '',
      Direction: 'to_sim',
      CommandSid: writeSid('ipCommand', id),
      Payload: 'on',
      PayloadType: 'text',
      DeviceIp: sim.ipV4,
      DevicePort: '4000',
    },
  ]);
});

test('what a device sends goes to the URL of its fleet for that kind, once, and to no other fleet', async () => {
  const networkAccessProfile = await allowCountries(ctx, accountId, ['NL']);
  const [fleet, other] = await Promise.all([1, 2].map(() => newFleet(networkAccessProfile)));
  for (const each of [fleet, other])
    for (const topic of ['fleet_sms_commands', 'fleet_ip_commands'] as const)
      await set({ resourceId: present(each, 'a fleet'), topic, url: `${receiver.url}/${each}/${topic}` });
  const sim = await attached(fleet);
  const from = { accountId, sim: sim.id };
  const sms = await change((tx) => receiveCommand(tx, { ...from, kind: 'sms', payload: 'temp=21' }));
  const ip = await change((tx) => receiveCommand(tx, { ...from, kind: 'ip', payload: 'hi', devicePort: 9 }));
  const bytes = { payload: 'AQI=', payloadType: 'binary' } as const;
  await change((tx) => receiveCommand(tx, { ...from, ...bytes, kind: 'ip', devicePort: 9 }));
  const params = await told();
  assert.deepEqual(
    receiver.received.map(({ url }) => url).sort(),
    ['fleet_ip_commands', 'fleet_ip_commands', 'fleet_sms_commands'].map(
      (topic) => `/hook/${fleet}/${topic}`,
    ),
  );
  const of = (sid: string) => params.find((each) => each['CommandSid'] === sid);
  const head = { ApiVersion: 'v1', AccountSid, SimSid: writeSid('sim', sim.id), SimUniqueName: 'meter' };
  assert.deepEqual(of(writeSid('smsCommand', sms.id)), {
    ...head,
    Status: 'received',
    Direction: 'from_sim',
    CommandSid: writeSid('smsCommand', sms.id),
    Command: 'temp=21',
    Payload: 'temp=21',
    PayloadType: 'text',
  });
  const { Payload, PayloadType, DeviceIp, DevicePort } = present(of(writeSid('ipCommand', ip.id)), 'it');
  assert.deepEqual([Payload, PayloadType, DeviceIp, DevicePort], ['aGk=', 'binary', sim.ipV4, '9']);
  assert.ok(params.some((each) => each['Payload'] === 'AQI=' && each['PayloadType'] === 'binary'));
});

for (const method of ['POST', 'GET'] as const)
  test(`a KORE callback by ${method} is signed as documented, with one token over all attempts`, async () => {
    const secret = `the secret for ${method}`.replaceAll(' ', '-');
    await change((tx) => setSigningSecret(tx, { accountId, door: 'supersim', secret }));
    await set({ resourceId: `esm_${method}`, topic: 'esim_profile', method }, koreCaller);
    await happen('esim.installed', `esm_${method}`, known);
    receiver.reply = answer(503);
    await told();
    receiver.reply = answer(200);
    await callbacks.tellAll(new Date(ctx.now.getTime() + 3_600_000));
    assert.equal(receiver.received.length, 2);
    for (const { headers, body } of receiver.received) {
      const signed = `${secret}${method}${receiver.url}${body}`;
      assert.equal(headers['kore-signature'], createHash('sha256').update(signed).digest('hex'));
      assert.ok(Math.abs(Date.parse(headers['date'] ?? '') - Date.now()) < 60_000);
    }
    const [first, second] = receiver.received.map(({ headers }) => headers['kore-idempotency-token']);
    assert.match(first ?? '', /^dlv_/);
    assert.equal(first, second);
    await unsign();
  });

test('the secret of the account signs what was set before it, in place of the password', async () => {
  await set({ resourceId: 'esm_before', topic: 'esim_profile' });
  const secret = await change((tx) => setSigningSecret(tx, { accountId, door: 'supersim' }));
  await set({ resourceId: 'esm_after', topic: 'esim_profile' });
  for (const id of ['esm_before', 'esm_after']) await happen('esim.available', id, known);
  assert.equal((await told()).length, 2);
  for (const request of receiver.received) assert.ok(isSignedByTwilio(request, secret));
  await unsign();
});

test('without a secret and a password Twilio callbacks have no signature, and that of KORE is empty', async () => {
  await set({ resourceId: 'esm_a', topic: 'esim_profile' }, { dialect: 'twilio', authToken: null });
  await set({ resourceId: 'esm_b', topic: 'esim_profile' }, koreCaller);
  for (const id of ['esm_a', 'esm_b']) await happen('esim.available', id, known);
  const signatures = new Map(
    (await told()).map((params, index) => {
      const { headers } = present(receiver.received[index], 'a request');
      return [params['ESimProfileSid'], [headers['x-twilio-signature'], headers['kore-signature']]];
    }),
  );
  assert.deepEqual(signatures.get('HPa'), [undefined, undefined]);
  assert.deepEqual(signatures.get('HPb'), [undefined, '']);
});

test('neither password nor secret is in a log, a row or what is sent, even when it cannot be written or sent', async () => {
  const secret = await change((tx) => setSigningSecret(tx, { accountId, door: 'supersim' }));
  const tellOne = async (id: string, more: Partial<SetCallback> = {}) => {
    await set({ resourceId: id, topic: 'esim_profile', ...more });
    await happen('esim.available', id, known);
    await told();
  };
  receiver.reply = answer(500, 'no');
  await tellOne('esm_signed');
  await query(ctx.db, 'update accounts.doors set signing_secret = signing_secret || $1', [Buffer.of(0)]);
  await tellOne('esm_unreadable');
  await unsign();
  await tellOne('esm_refused');
  await tellOne('esm_nobody', { url: 'http://127.0.0.1:1/' });
  assert.equal(receiver.received.length, 2);
  assert.ok(logged.some((text) => text.includes('a webhook cannot be written')));
  const rows = await Promise.all(
    ['webhooks.targets', 'webhooks.deliveries', 'webhooks.attempts'].map((table) =>
      query<{ text: string }>(ctx.db, `select string_agg(t::text, ' ') as text from ${table} t`),
    ),
  );
  const sent = receiver.received.map((each) => JSON.stringify(each));
  const all = [...logged, ...sent, ...rows.flat().map(({ text }) => text)].join(' ');
  assert.ok(all.includes('esm_nobody'));
  for (const hidden of [secret, 'ovr_password-of-the-caller'])
    for (const form of [hidden, Buffer.from(hidden).toString('hex')]) assert.ok(!all.includes(form));
});

function isSignedByTwilio(request: Received | undefined, token: string): boolean {
  const { url, headers, method } = present(request, 'a request');
  const params = method === 'GET' ? {} : paramsOf(present(request, 'a request'));
  const target = new URL(url, receiver.url).href;
  return twilio.validateRequest(token, headers['x-twilio-signature'] ?? '', target, params);
}

async function attached(fleet?: string) {
  const sim = await lines.newLine();
  const input = { accountId, key: sim.id, ...(fleet !== undefined && { fleet, uniqueName: 'meter' }) };
  await change((tx) => updateSim(tx, input));
  await change((tx) => attachLine(tx, { accountId, sim: sim.id, mcc: '204', mnc: '08' }));
  return await lines.see(sim.id);
}

async function newFleet(networkAccessProfile: string): Promise<string> {
  return (await change((tx) => createFleet(tx, { accountId, networkAccessProfile }))).id;
}

/** The account has set no secret any more. */
async function unsign(): Promise<void> {
  await query(ctx.db, 'delete from accounts.doors where account_id = $1', [accountId]);
}

function describe(said: unknown): string {
  return JSON.stringify(said, (_, value) =>
    value instanceof Error ? { ...value, message: value.message, stack: value.stack } : value,
  );
}
