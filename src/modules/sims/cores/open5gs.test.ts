import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Int32, Long, MongoNetworkError, MongoServerError } from 'mongodb';
import { AppError } from '../../../base/app_error.ts';
import { fromHex } from '../../../base/bytes.ts';
import type { Subscriber } from './mobile_core.ts';
import { openOpen5gs } from './open5gs.ts';
import { fieldAt, parkedKeys } from './open5gs_fields.ts';
import { serveTestMongo } from './test_mongo_server.ts';
import { createTestSubscribers } from './test_open5gs.ts';

const ki = '465b5ce8b199b49faa5f0a2ee238a6bc';
const opc = 'cd63cb71954a9f4e48a5994e37a02baf';
const imsi = '001010000000001';
const line: Subscriber = {
  imsi,
  msisdn: '88201234567',
  ki: fromHex(ki),
  opc: fromHex(opc),
  enabled: true,
  apn: 'internet',
  speedKbps: null,
};
const off: Subscriber = { ...line, enabled: false };
const full = { value: new Int32(1), unit: new Int32(3) };

function open() {
  const subscribers = createTestSubscribers();
  return { subscribers, core: openOpen5gs({ subscribers }) };
}

test('a new line becomes the document that the core reads, with the number types that it reads', async () => {
  const { core, subscribers } = open();
  assert.equal(await core.putSubscriber(line), null);
  const ambr = { downlink: full, uplink: full };
  assert.deepEqual(subscribers.get(imsi), {
    imsi,
    schema_version: new Int32(1),
    msisdn: ['88201234567'],
    security: { k: ki, opc, op: null, amf: '8000', sqn: Long.fromNumber(0) },
    ambr,
    slice: [
      {
        sst: new Int32(1),
        default_indicator: true,
        session: [
          {
            name: 'internet',
            type: new Int32(3),
            qos: {
              index: new Int32(9),
              arp: {
                priority_level: new Int32(8),
                pre_emption_capability: new Int32(1),
                pre_emption_vulnerability: new Int32(2),
              },
            },
            ambr,
            pcc_rule: [],
          },
        ],
      },
    ],
    subscriber_status: new Int32(0),
    operator_determined_barring: new Int32(0),
    access_restriction_data: new Int32(32),
    network_access_mode: new Int32(0),
    subscribed_rau_tau_timer: new Int32(12),
  });
});

test('putting the same again, enabled or disabled, writes nothing', async () => {
  for (const same of [line, off]) {
    const { core, subscribers } = open();
    await core.putSubscriber(line);
    await core.putSubscriber(same);
    const { length } = subscribers.updates;
    await core.putSubscriber(same);
    assert.equal(subscribers.updates.length, length);
  }
});

test('disabling takes the keys out of sight in the update that bars, then asks to send the device away', async () => {
  const { core, subscribers } = open();
  await core.putSubscriber(line);
  advanceSqn(subscribers, 'security');
  subscribers.states.length = 0;
  assert.match((await core.putSubscriber(off)) ?? '', /only on 4G/);
  const [barred, sentAway] = subscribers.states;
  assert.equal(subscribers.states.length, 2);
  for (const state of [barred!, sentAway!]) {
    assert.ok(!('security' in state));
    assert.deepEqual(state['subscriber_status'], new Int32(1));
    assert.deepEqual(state['operator_determined_barring'], new Int32(1));
    assert.deepEqual(fieldAt(state, `${parkedKeys}.sqn`), Long.fromNumber(4711));
  }
  assert.deepEqual(
    [barred, sentAway].map((state) => state?.['request_cancel_location']),
    [false, true],
  );
});

test('enabling gives the keys back with the sequence number they had', async () => {
  const { core, subscribers } = open();
  await core.putSubscriber(line);
  advanceSqn(subscribers, 'security');
  await core.putSubscriber(off);
  assert.equal(await core.putSubscriber(line), null);
  const document = subscribers.get(imsi)!;
  assert.deepEqual(document['security'], { k: ki, opc, op: null, amf: '8000', sqn: Long.fromNumber(4711) });
  assert.ok(!(parkedKeys in document));
  assert.deepEqual(document['subscriber_status'], new Int32(0));
});

test('each time a line is disabled the request to send the device away is a change', async () => {
  const { core, subscribers } = open();
  for (const each of [line, off, line, off]) await core.putSubscriber(each);
  const asked = subscribers.states.map((state) => state?.['request_cancel_location']);
  assert.deepEqual(asked, [undefined, false, true, true, false, true]);
});

test('a disabling that was cut short before the device was sent away is finished by the next try', async () => {
  const { core, subscribers } = open();
  await core.putSubscriber(line);
  const { updateOne } = subscribers;
  subscribers.updateOne = (filter, update, options) =>
    update['$set']?.['request_cancel_location'] === true
      ? Promise.reject(new MongoNetworkError('gone'))
      : updateOne(filter, update, options);
  await rejectsWith('unavailable', core.putSubscriber(off));
  assert.equal(subscribers.get(imsi)?.['request_cancel_location'], false);
  subscribers.updateOne = updateOne;
  await core.putSubscriber(off);
  assert.equal(subscribers.get(imsi)?.['request_cancel_location'], true);
});

test('a line that starts disabled never has keys that the core sees', async () => {
  const { core, subscribers } = open();
  await core.putSubscriber(off);
  assert.ok(subscribers.states.every((state) => state && !('security' in state)));
  assert.deepEqual(fieldAt(subscribers.get(imsi)!, `${parkedKeys}.k`), ki);
  await core.putSubscriber(line);
  assert.deepEqual(fieldAt(subscribers.get(imsi)!, 'security.sqn'), Long.fromNumber(0));
});

test('changed keys are written field by field where they are, and the sequence number stays', async () => {
  const { core, subscribers } = open();
  await core.putSubscriber(line);
  advanceSqn(subscribers, 'security');
  await core.putSubscriber({ ...off, opc: fromHex(ki) });
  assert.deepEqual(fieldAt(subscribers.get(imsi)!, parkedKeys), {
    k: ki,
    opc: ki,
    op: null,
    amf: '8000',
    sqn: Long.fromNumber(4711),
  });
  await core.putSubscriber(line);
  assert.deepEqual(fieldAt(subscribers.get(imsi)!, 'security.opc'), opc);
  const written = subscribers.updates.flatMap((update) => Object.keys(update['$set'] ?? {}));
  assert.ok(!written.includes('security') && !written.includes(parkedKeys));
});

test('a document that the core left for this IMSI is completed and keeps what the core wrote', async () => {
  for (const each of [line, off]) {
    const { core, subscribers } = open();
    subscribers.put({ imsi, mme_host: ['mme.example'], imeisv: ['3534900698733153'] });
    await core.putSubscriber(each);
    const document = subscribers.get(imsi)!;
    assert.deepEqual(document['mme_host'], ['mme.example']);
    assert.deepEqual(fieldAt(document, `${each.enabled ? 'security' : parkedKeys}.sqn`), Long.fromNumber(0));
  }
});

test('numbers of another type, which the core would pass over, are written anew', async () => {
  const { core, subscribers } = open();
  await core.putSubscriber(line);
  const document = subscribers.get(imsi)!;
  subscribers.put({ ...document, imsi, subscriber_status: Long.fromNumber(0) });
  await core.putSubscriber(line);
  assert.deepEqual(subscribers.get(imsi)?.['subscriber_status'], new Int32(0));
});

test('keys that somebody wrote while ours were parked stay in use when the line is enabled', async () => {
  const { core, subscribers } = open();
  await core.putSubscriber(off);
  const security = { k: ki, opc, op: null, amf: '8000', sqn: Long.fromNumber(99) };
  subscribers.put({ ...subscribers.get(imsi), imsi, security });
  await core.putSubscriber(line);
  assert.deepEqual(subscribers.get(imsi)?.['security'], security);
  assert.ok(!(parkedKeys in subscribers.get(imsi)!));
});

test('speed, number and APN are changed, and what waits for the next attach is said', async () => {
  const { core, subscribers } = open();
  await core.putSubscriber(line);
  const remark = await core.putSubscriber({ ...line, msisdn: null, apn: 'iot.example', speedKbps: 512 });
  assert.match(remark ?? '', /next attach/);
  const document = subscribers.get(imsi)!;
  const slow = { value: new Int32(512), unit: new Int32(1) };
  assert.deepEqual(document['ambr'], { downlink: slow, uplink: slow });
  assert.deepEqual(document['msisdn'], []);
  assert.equal(fieldAt(document, 'slice.0.session.0.name'), 'iot.example');
});

test('a removed line is blocked before its document goes, and removing it again is fine', async () => {
  const { core, subscribers } = open();
  await core.putSubscriber(line);
  subscribers.states.length = 0;
  await core.removeSubscriber(imsi);
  assert.deepEqual(
    subscribers.states.map((state) => state && ['security' in state, state['request_cancel_location']]),
    [[false, false], [false, true], null],
  );
  await core.removeSubscriber(imsi);
  assert.equal(subscribers.get(imsi), null);
});

test('a document that another program changes meanwhile is a conflict', async () => {
  const { core, subscribers } = open();
  const { updateOne } = subscribers;
  subscribers.updateOne = async (filter, update, options) => {
    await updateOne(filter, update, options);
    subscribers.put({ ...subscribers.get(imsi), imsi, msisdn: ['1'] });
  };
  await rejectsWith('conflict', core.putSubscriber(line));
});

for (const [what, code, error] of [
  ['a database that cannot be reached', 'unavailable', new MongoNetworkError('connect ECONNREFUSED')],
  ['a database that refuses', 'conflict', new MongoServerError({ message: `dup key ${ki}`, code: 11000 })],
] as const)
  test(`${what} is told as ${code}, without its words`, async () => {
    const { core, subscribers } = open();
    subscribers.findOne = () => Promise.reject(error);
    for (const promise of [core.putSubscriber(line), core.removeSubscriber(imsi)])
      await assert.rejects(promise, (thrown) => {
        assert.ok(thrown instanceof AppError && thrown.code === code);
        assert.ok(!thrown.detail.includes(error.message));
        return true;
      });
  });

test('over the wire, through the real driver, the same documents arrive and are read back', async (t) => {
  const subscribers = createTestSubscribers();
  const server = await serveTestMongo(subscribers);
  const core = openOpen5gs({ uri: `mongodb://127.0.0.1:${server.port}` });
  t.after(() => Promise.all([core.close(), server.close()]));
  for (const each of [line, off, line]) await core.putSubscriber(each);
  const { length } = server.commands;
  await core.putSubscriber(line);
  const repeated = server.commands.slice(length);
  assert.equal(repeated.length, 2);
  assert.ok(repeated.every((command) => command['find'] === 'subscribers' && command['$db'] === 'open5gs'));
  assert.deepEqual(fieldAt(subscribers.get(imsi)!, 'security.sqn'), Long.fromNumber(0));
  assert.deepEqual(fieldAt(subscribers.get(imsi)!, 'ambr.uplink'), full);
  await core.removeSubscriber(imsi);
  assert.equal(subscribers.get(imsi), null);
});

test('an address where nothing listens is unavailable within the timeout', async (t) => {
  const core = openOpen5gs({ uri: 'mongodb://secret-user:secret-password@127.0.0.1:1/open5gs' });
  t.after(() => core.close());
  const startedMs = performance.now();
  await assert.rejects(core.putSubscriber(line), (error) => {
    assert.ok(error instanceof AppError && error.code === 'unavailable');
    assert.ok(!JSON.stringify([error.detail, error.internal]).includes('secret'));
    return true;
  });
  assert.ok(performance.now() - startedMs < 8000);
});

for (const [what, wrong] of [
  ['an IMSI with a letter', { imsi: '00101000000000x' }],
  ['an MSISDN with a plus', { msisdn: '+88201234567' }],
  ['a short key', { ki: fromHex('00') }],
  ['an APN with a space', { apn: 'inter net' }],
  ['a speed of nothing', { speedKbps: 0 }],
  ['a speed beyond an Int32', { speedKbps: 2 ** 31 }],
] as [string, Partial<Subscriber>][])
  test(`${what} is refused before anything is written`, async () => {
    const { core, subscribers } = open();
    await rejectsWith('conflict', core.putSubscriber({ ...line, ...wrong }));
    assert.equal(subscribers.updates.length, 0);
  });

/** As the core does for each vector. */
function advanceSqn(subscribers: ReturnType<typeof createTestSubscribers>, home: string): void {
  const document = subscribers.get(imsi)!;
  const keys = document[home] as Record<string, unknown>;
  subscribers.put({ ...document, imsi, [home]: { ...keys, sqn: Long.fromNumber(4711) } });
}

async function rejectsWith(code: string, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error) => error instanceof AppError && error.code === code);
}
