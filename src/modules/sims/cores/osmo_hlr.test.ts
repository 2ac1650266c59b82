import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../base/app_error.ts';
import { fromHex } from '../../../base/bytes.ts';
import { connectCtrl } from './ctrl_connection.ts';
import type { Subscriber } from './mobile_core.ts';
import { openOsmoHlr } from './osmo_hlr.ts';
import { createTestHlr, createWitness, noOsmoHlr, type TestHlr } from './test_osmo_hlr.ts';

const ki = '465b5ce8b199b49faa5f0a2ee238a6bc';
const opc = 'cd63cb71954a9f4e48a5994e37a02baf';
const line: Subscriber = {
  imsi: '001010000000001',
  msisdn: '88201234567',
  ki: fromHex(ki),
  opc: fromHex(opc),
  enabled: true,
  apn: 'internet',
  speedKbps: null,
};

const skip = noOsmoHlr;
let hlr: TestHlr;
before(async () => {
  if (skip) return;
  hlr = await createTestHlr();
  await hlr.start();
});
after(async () => {
  await hlr?.remove();
});

test('a line put into the HLR can be read from it as it was given', { skip }, async (t) => {
  const core = openOsmoHlr(hlr);
  t.after(() => core.close());
  assert.equal(await core.putSubscriber(line), null);
  const info = await readInfo(line.imsi);
  assert.equal(info.get('msisdn'), line.msisdn);
  assert.equal(info.get('aud3g.algo'), 'MILENAGE');
  assert.equal(info.get('aud3g.k'), ki);
  assert.equal(info.get('aud3g.opc'), opc);
  assert.deepEqual([info.get('nam_ps'), info.get('nam_cs')], ['1', '1']);
});

test('disabling closes both domains and enabling opens them; what is not honoured is said', {
  skip,
}, async (t) => {
  const core = openOsmoHlr(hlr);
  t.after(() => core.close());
  const imsi = '001010000000002';
  await core.putSubscriber({ ...line, imsi, msisdn: null });
  const remark = await core.putSubscriber({ ...line, imsi, msisdn: null, enabled: false, speedKbps: 512 });
  assert.match(remark ?? '', /location update.*cannot limit speed/);
  let info = await readInfo(imsi);
  assert.deepEqual([info.get('nam_ps'), info.get('nam_cs')], ['0', '0']);
  assert.equal(await core.putSubscriber({ ...line, imsi, msisdn: null }), null);
  info = await readInfo(imsi);
  assert.deepEqual([info.get('nam_ps'), info.get('nam_cs')], ['1', '1']);
});

test('a subscriber that may not attach is stopped before it gets its keys', { skip }, async (t) => {
  const witness = await createWitness(hlr);
  const core = openOsmoHlr(witness);
  t.after(() => Promise.all([core.close(), witness.close()]));
  const imsi = '001010000000003';
  await core.putSubscriber({ ...line, imsi, msisdn: null, enabled: false });
  const sets = witness.requests.filter((text) => text.startsWith('SET'));
  assert.deepEqual(
    sets.map((text) => text.split(' ')[1]?.split('.').at(-1)),
    ['create', 'ps-enabled', 'cs-enabled', 'aud3g'],
  );
});

test('a number is changed and taken away', { skip }, async (t) => {
  const core = openOsmoHlr(hlr);
  t.after(() => core.close());
  const imsi = '001010000000004';
  for (const msisdn of ['88200000004', '88200000044', null]) {
    await core.putSubscriber({ ...line, imsi, msisdn });
    assert.equal((await readInfo(imsi)).get('msisdn'), msisdn ?? undefined);
  }
});

test('a number that another subscriber has is a conflict', { skip }, async (t) => {
  const core = openOsmoHlr(hlr);
  t.after(() => core.close());
  await core.putSubscriber({ ...line, imsi: '001010000000005', msisdn: '88200000005' });
  await rejectsWith(
    'conflict',
    core.putSubscriber({ ...line, imsi: '001010000000006', msisdn: '88200000005' }),
  );
});

test('a removed subscriber is gone with its keys, and removing it again is fine', { skip }, async (t) => {
  const core = openOsmoHlr(hlr);
  t.after(() => core.close());
  const imsi = '001010000000007';
  await core.putSubscriber({ ...line, imsi, msisdn: null });
  await core.removeSubscriber(imsi);
  await core.removeSubscriber(imsi);
  await assert.rejects(readInfo(imsi), /No such subscriber/);
});

test('putting the same again writes nothing', { skip }, async (t) => {
  const witness = await createWitness(hlr);
  const core = openOsmoHlr(witness);
  t.after(() => Promise.all([core.close(), witness.close()]));
  const same = { ...line, imsi: '001010000000008', msisdn: '88200000008' };
  await core.putSubscriber(same);
  witness.requests.length = 0;
  await core.putSubscriber(same);
  assert.deepEqual(witness.requests, [`GET subscriber.by-imsi-${same.imsi}.info-all`]);
});

test('the sequence number of a card survives every change but that of its keys', { skip }, async (t) => {
  const core = openOsmoHlr(hlr);
  t.after(() => core.close());
  const imsi = '001010000000009';
  await core.putSubscriber({ ...line, imsi, msisdn: null });
  await hlr.stop();
  await setSqn(imsi, 4711);
  await hlr.start();
  await untilDone(() => core.putSubscriber({ ...line, imsi, msisdn: '88200000009', enabled: false }));
  await core.putSubscriber({ ...line, imsi, msisdn: '88200000009' });
  assert.equal((await readInfo(imsi)).get('aud3g.sqn'), '4711');
  await core.putSubscriber({ ...line, imsi, msisdn: '88200000009', opc: fromHex(ki) });
  assert.equal((await readInfo(imsi)).get('aud3g.sqn'), '0');
});

test('while the HLR is down a change is refused as unavailable, and works again once it is back', {
  skip,
}, async (t) => {
  const core = openOsmoHlr(hlr);
  t.after(() => core.close());
  const imsi = '001010000000010';
  await core.putSubscriber({ ...line, imsi, msisdn: null });
  await hlr.stop('SIGKILL');
  await rejectsWith('unavailable', core.putSubscriber({ ...line, imsi, msisdn: null, enabled: false }));
  await rejectsWith('unavailable', core.removeSubscriber(imsi));
  await hlr.start();
  await untilDone(() => core.putSubscriber({ ...line, imsi, msisdn: null, enabled: false }));
  assert.equal((await readInfo(imsi)).get('nam_ps'), '0');
});

test('two hundred lines put at once all arrive', { skip }, async (t) => {
  const core = openOsmoHlr(hlr);
  t.after(() => core.close());
  const imsis = Array.from({ length: 200 }, (_, index) => `00101001${String(index).padStart(7, '0')}`);
  await Promise.all(imsis.map((imsi) => core.putSubscriber({ ...line, imsi, msisdn: null })));
  for (const imsi of imsis) assert.equal((await readInfo(imsi)).get('aud3g.k'), ki);
});

/** The HLR's own words, asked on another connection. */
async function readInfo(imsi: string): Promise<Map<string, string>> {
  const connection = await connectCtrl(hlr, 3000, () => {});
  try {
    const variable = `subscriber.by-imsi-${imsi}.info-all`;
    const text = await connection.request({ verb: 'GET', variable });
    return new Map(text.split('\n').map((each) => each.split('\t') as [string, string]));
  } finally {
    connection.close();
  }
}

/** Only while the HLR is stopped: it does not stand a second writer. */
async function setSqn(imsi: string, sqn: number): Promise<void> {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(hlr.databaseFile);
  const { changes } = database
    .prepare('update auc_3g set sqn = ? where subscriber_id = (select id from subscriber where imsi = ?)')
    .run(sqn, imsi);
  database.close();
  assert.equal(changes, 1);
}

async function rejectsWith(code: string, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error) => error instanceof AppError && error.code === code);
}

/** Until the adapter has found the HLR again. */
async function untilDone(run: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries++, await sleep(20)) {
    try {
      await run();
      return;
    } catch (error) {
      if (tries > 250 || !(error instanceof AppError) || error.code !== 'unavailable') throw error;
    }
  }
}
