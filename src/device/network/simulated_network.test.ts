// The simulated network against a platform on a socket: what it tells, what it lets through, what it does when refused.
import assert from 'node:assert/strict';
import { after, beforeEach, describe, it } from 'node:test';
import { testSubscription } from '../../rsp/profile/test_subscription.ts';
import type { Card } from '../card.ts';
import { DeviceError, type DeviceErrorKind } from '../device_error.ts';
import { disableProfile, enableProfile } from '../lpa/es10_client.ts';
import { install, newCard } from '../test_card.ts';
import { createSimulatedNetwork } from './simulated_network.ts';
import { problem, startTestPlatform } from './test_platform.ts';

const { iccid, imsi } = testSubscription;
const kpn = { mcc: '204', mnc: '08' };
const minute = 60_000;

let platform = await startTestPlatform();
let clock = new Date('2026-11-21T12:00:00.000Z');
let card: Card;
const passed = (ms: number) => {
  clock = new Date(clock.getTime() + ms);
};
const network = () =>
  createSimulatedNetwork({ baseUrl: platform.baseUrl, apiKey: 'ovr_test', now: () => clock });

beforeEach(async () => {
  await platform.close();
  platform = await startTestPlatform();
  clock = new Date('2026-11-21T12:00:00.000Z');
  card = newCard();
  install(card);
  enableProfile(card, iccid);
});
after(() => platform.close());

const refused = (kind: DeviceErrorKind, cause?: string) => (error: unknown) => {
  assert.ok(error instanceof DeviceError, String(error));
  assert.deepEqual([error.kind, error.networkCause], [kind, cause]);
  return true;
};

describe('attaching', () => {
  it('proves the card to the network and the network to the card, then takes what the platform grants', async () => {
    const { attachment } = await network().attach(card, kpn);
    assert.deepEqual(attachment, {
      imsi,
      iccid,
      ...kpn,
      country: 'NL',
      networkName: 'KPN',
      apn: 'internet',
      ipV4: '100.64.0.7',
      dataAllowed: true,
      speedKbps: null,
      toldUntil: clock.toISOString(),
    });
    assert.deepEqual(platform.of('/network/authentication-vectors'), [{ sim: imsi }]);
    assert.deepEqual(platform.of('/network/attachments'), [{ sim: imsi, ...kpn, at: clock.toISOString() }]);
    assert.equal(platform.calls[0]?.headers.authorization, 'Bearer ovr_test');
  });

  it('is refused for a card without an enabled profile, which tells the platform nothing', async () => {
    disableProfile(card, iccid);
    await assert.rejects(network().attach(card, kpn), refused('refused_by_card'));
    await assert.rejects(network().attach(newCard(), kpn), refused('refused_by_card'));
    assert.equal(platform.calls.length, 0);
  });

  it('fails at the card when the home network has another key', async () => {
    platform.ki = Buffer.alloc(16, 9);
    await assert.rejects(network().attach(card, kpn), refused('refused_by_network', 'mac_failure'));
    assert.deepEqual(platform.of('/network/attachments'), []);
  });

  it('fails at the network when the answer of the card is not the one of the home network', async () => {
    const liar = { ...card, authenticate: () => ({ result: 'success' as const, ...noKeys }) };
    await assert.rejects(network().attach(liar, kpn), refused('refused_by_network', 'authentication_failed'));
    assert.deepEqual(platform.of('/network/attachments'), []);
  });

  it('fails when the home network repeats itself', async () => {
    await network().attach(card, kpn);
    const repeating = await startTestPlatform();
    const again = createSimulatedNetwork({ baseUrl: repeating.baseUrl, apiKey: 'ovr_test' });
    await assert.rejects(again.attach(card, kpn), refused('refused_by_network', 'synch_failure'));
    await repeating.close();
  });

  for (const cause of ['line_not_ready', 'line_inactive', 'network_forbidden', 'unknown_network'])
    it(`gives the cause when the platform does not allow it: ${cause}`, async () => {
      platform.grant = { allowed: false, cause };
      await assert.rejects(network().attach(card, kpn), refused('refused_by_network', cause));
    });

  const answers: [string, { status: number; body: string }, DeviceErrorKind, string?][] = [
    ['an unknown line', problem(404, 'not_found'), 'refused_by_network', 'not_found'],
    ['something that is not JSON', { status: 200, body: '<html>' }, 'server_misbehaved'],
    [
      'a vector that is none',
      { status: 200, body: '{"rand":"00","autn":"00","xres":"00"}' },
      'server_misbehaved',
    ],
    ['an error without a code', { status: 500, body: '{}' }, 'server_misbehaved'],
  ];
  for (const [title, answer, kind, cause] of answers)
    it(`says so when the platform answers with ${title}`, async () => {
      platform.fail = [answer];
      await assert.rejects(network().attach(card, kpn), refused(kind, cause));
    });

  it('says so when there is no platform', async () => {
    const nobody = createSimulatedNetwork({ baseUrl: 'http://127.0.0.1:9/v1', apiKey: 'ovr_test' });
    await assert.rejects(nobody.attach(card, kpn), refused('unreachable'));
  });

  for (const place of [
    { mcc: '20', mnc: '08' },
    { mcc: '204', mnc: '8' },
    { mcc: '204', mnc: '0a' },
  ])
    it(`refuses ${place.mcc}-${place.mnc}, which names no network`, async () => {
      await assert.rejects(network().attach(card, place), refused('invalid_input'));
    });
});

const noKeys = { res: new Uint8Array(8), ck: new Uint8Array(16), ik: new Uint8Array(16) };

describe('using data', () => {
  it('is told in records of at most 100 MB, each with an id of its own, and nothing is lost in between', async () => {
    const session = await network().attach(card, kpn);
    passed(10 * minute);
    const used = await network().useData(session, { bytesUp: 50_000_001, bytesDown: 200_000_000 });
    const records = platform.records();
    assert.deepEqual([used.bytesUp, used.bytesDown, used.records], [50_000_001, 200_000_000, 3]);
    const sum = (name: string) => records.reduce((total, record) => total + Number(record[name]), 0);
    assert.deepEqual([sum('bytesUp'), sum('bytesDown')], [50_000_001, 200_000_000]);
    for (const { bytesUp, bytesDown, sim, kind, mcc, mnc } of records) {
      assert.ok(Number(bytesUp) + Number(bytesDown) <= 100_000_000);
      assert.deepEqual([sim, kind, mcc, mnc], [imsi, 'data', '204', '08']);
    }
    assert.equal(new Set(records.map(({ id }) => id)).size, 3);
  });

  it('for an hour is told every 15 minutes, up to now', async () => {
    const session = await network().attach(card, kpn);
    passed(90 * minute);
    await network().useData(session, { kbps: 800, seconds: 3600 });
    assert.deepEqual(
      platform.records().map(({ at, bytesUp, bytesDown }) => [at, bytesUp, bytesDown]),
      ['12:45', '13:00', '13:15', '13:30'].map((time) => [
        `2026-11-21T${time}:00.000Z`,
        9_000_000,
        81_000_000,
      ]),
    );
  });

  it('asks again what it may do for each 100 MB, or each 6 hours', async () => {
    const session = await network().attach(card, kpn);
    const asked = () => platform.of('/network/attachments').length - 1;
    passed(24 * 60 * minute);
    await network().useData(session, { kbps: 1, seconds: 24 * 3600 });
    assert.deepEqual([asked(), platform.records().length], [4, 96]);
    passed(60 * minute);
    await network().useData(session, { kbps: 300, seconds: 3600 });
    assert.deepEqual([asked(), platform.records().length], [4 + 2, 96 + 4]);
  });

  it('never began before the line attached or before what was told last', async () => {
    const session = await network().attach(card, kpn);
    passed(minute);
    await network().useData(session, { kbps: 80, seconds: 1800 });
    passed(minute);
    await network().useData(session, { kbps: 80, seconds: 1800 });
    const times = platform.records().map(({ at }) => String(at).slice(11, 19));
    assert.deepEqual(times, ['12:00:30', '12:01:00', '12:01:30', '12:02:00']);
  });

  it('carries less in the same time when the platform slows the line down', async () => {
    const session = await network().attach(card, kpn);
    platform.grant = { speedKbps: 80 };
    passed(60 * minute);
    const used = await network().useData(session, {
      bytesUp: 5_000_000,
      bytesDown: 45_000_000,
      seconds: 600,
    });
    assert.deepEqual([used.bytesUp, used.bytesDown, used.speedKbps], [600_000, 5_400_000, 80]);
  });

  it('stops when the line may not go on, and says what was carried till then', async () => {
    const session = await network().attach(card, kpn);
    platform.onCall = (path) => {
      if (path === '/v1/usage') platform.grant = { dataAllowed: false };
    };
    const used = await network().useData(session, { bytesUp: 0, bytesDown: 300_000_000 });
    assert.deepEqual([used.bytesDown, used.records, used.stopped], [100_000_000, 1, 'data_not_allowed']);
    await assert.rejects(
      network().useData(session, { bytesUp: 1, bytesDown: 1 }),
      refused('refused_by_network', 'data_not_allowed'),
    );
  });

  it('ends the session when the line was suspended meanwhile', async () => {
    const session = await network().attach(card, kpn);
    platform.grant = { allowed: false, cause: 'line_inactive' };
    const flow = { bytesUp: 1, bytesDown: 1 };
    await assert.rejects(network().useData(session, flow), refused('refused_by_network', 'line_inactive'));
    await assert.rejects(network().useData(session, flow), refused('refused_by_network', 'not_attached'));
  });

  it('is told again under the same id when the answer was lost', async () => {
    const session = await network().attach(card, kpn);
    platform.onCall = (path) => {
      if (path === '/v1/usage' && platform.records().length === 0) platform.fail = ['hang up'];
    };
    await network().useData(session, { bytesUp: 1, bytesDown: 2 });
    const [first, second, ...more] = platform.records();
    assert.deepEqual([first, more], [second, []]);
  });

  it('that the platform refuses is an error with its code', async () => {
    const session = await network().attach(card, kpn);
    const body = JSON.stringify({ counted: 0, refused: [{ code: 'not_found' }] });
    platform.onCall = (path) => {
      if (path === '/v1/usage') platform.fail = [{ status: 200, body }];
    };
    await assert.rejects(
      network().useData(session, { bytesUp: 1, bytesDown: 1 }),
      refused('refused_by_network', 'not_found'),
    );
  });

  const flows = [
    { bytesUp: -1, bytesDown: 0 },
    { bytesUp: 0.5, bytesDown: 0 },
    { bytesUp: 2 ** 53, bytesDown: 0 },
    { bytesUp: 0, bytesDown: 100_000_000_001 },
    { kbps: Number.NaN, seconds: 60 },
    { kbps: 1, seconds: 0 },
    { kbps: 1, seconds: Number.POSITIVE_INFINITY },
    { kbps: 1, seconds: 11 * 86_400 },
  ];
  for (const flow of flows)
    it(`refuses ${JSON.stringify(flow)}`, async () => {
      const session = await network().attach(card, kpn);
      await assert.rejects(network().useData(session, flow), refused('invalid_input'));
      assert.deepEqual(platform.records(), []);
    });
});

describe('the rest of a trip', () => {
  it('roaming authenticates again and goes on there', async () => {
    const session = await network().attach(card, kpn);
    platform.grant = { country: 'FR', networkName: 'Orange' };
    await network().roam(session, { mcc: '208', mnc: '01' });
    assert.deepEqual([session.attachment?.country, session.attachment?.mcc], ['FR', '208']);
    assert.equal(platform.of('/network/authentication-vectors').length, 2);
    await network().useData(session, { bytesUp: 1, bytesDown: 1 });
    assert.equal(platform.records()[0]?.['mcc'], '208');
  });

  it('where roaming is refused the phone stays where it was', async () => {
    const session = await network().attach(card, kpn);
    platform.grant = { allowed: false, cause: 'network_forbidden' };
    await assert.rejects(
      network().roam(session, { mcc: '208', mnc: '01' }),
      refused('refused_by_network', 'network_forbidden'),
    );
    assert.equal(session.attachment?.mcc, '204');
  });

  it('calls and messages are told as usage', async () => {
    const session = await network().attach(card, kpn);
    await network().call(session, 90);
    assert.equal(await network().sendSms(session, 'hello'), 'cmd_1');
    await network().sendSms(session, Uint8Array.of(1, 2));
    assert.deepEqual(platform.of('/network/commands'), [
      { sim: imsi, kind: 'sms', payload: 'hello', payloadType: 'text' },
      { sim: imsi, kind: 'sms', payload: 'AQI=', payloadType: 'binary' },
    ]);
    assert.deepEqual(
      platform.records().map(({ kind, seconds, count }) => [kind, seconds ?? count]),
      [
        ['voice', 90],
        ['sms', 1],
        ['sms', 1],
      ],
    );
    await assert.rejects(network().call(session, 0), refused('invalid_input'));
  });

  it('a message whose answer was lost is sent again with the same key', async () => {
    const session = await network().attach(card, kpn);
    platform.fail = ['hang up', problem(503, 'unavailable')];
    await network().sendSms(session, 'hello');
    const keys = platform.calls
      .filter(({ path }) => path === '/v1/network/commands')
      .map(({ headers }) => headers['idempotency-key']);
    assert.deepEqual([keys.length, new Set(keys).size], [3, 1]);
  });

  it('what waits for the line is taken once, and messages are confirmed', async () => {
    const session = await network().attach(card, kpn);
    platform.waiting = [
      { id: 'cmd_7', kind: 'sms', payload: 'reboot', payloadType: 'text' },
      { id: 'cmd_8', kind: 'ip', payload: 'AQI=', payloadType: 'binary', devicePort: 5000 },
    ];
    const commands = await network().takeCommands(session);
    assert.deepEqual(commands, [
      { id: 'cmd_7', kind: 'sms', payload: 'reboot', payloadType: 'text', devicePort: null },
      { id: 'cmd_8', kind: 'ip', payload: 'AQI=', payloadType: 'binary', devicePort: 5000 },
    ]);
    assert.deepEqual(platform.of('/network/commands/cmd_7/report'), [{ status: 'delivered' }]);
    assert.deepEqual(platform.of('/network/commands/cmd_8/report'), []);
    assert.deepEqual(await network().takeCommands(session), []);
  });

  it('a message that the platform gave up while it was under way arrives all the same', async () => {
    const session = await network().attach(card, kpn);
    platform.waiting = [{ id: 'cmd_7', kind: 'sms', payload: 'reboot', payloadType: 'text' }];
    platform.onCall = (path) => {
      if (path.endsWith('/report')) platform.fail = [problem(409, 'conflict')];
    };
    assert.equal((await network().takeCommands(session)).length, 1);
  });

  it('a phone that detached, or whose profile was switched, does nothing until it attaches again', async () => {
    const session = await network().attach(card, kpn);
    await network().detach(session);
    assert.deepEqual(platform.of('/network/detachments'), [{ sim: imsi }]);
    await assert.rejects(network().sendSms(session, 'x'), refused('refused_by_network', 'not_attached'));
    const other = await network().attach(card, kpn);
    disableProfile(card, iccid);
    await assert.rejects(network().takeCommands(other), refused('refused_by_card'));
  });
});
