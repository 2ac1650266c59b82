import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { silentLog } from '../../base/log.ts';
import type { RadiusAccounting } from '../../modules/usage/index.ts';
import { createRadiusServer } from './radius_server.ts';

const secret = 'testing123';
const skip =
  spawnSync('radclient', ['-v']).error !== undefined &&
  'radclient is not there: apt-get install freeradius-utils';

const session = [
  'Acct-Session-Id = "c0a8000100000042"',
  'NAS-Identifier = "pgw-1"',
  'NAS-IP-Address = 192.0.2.9',
  'User-Name = "88201234567"',
  'Calling-Station-Id = "88201234567"',
  'Called-Station-Id = "internet"',
  'Framed-IP-Address = 10.45.0.2',
  'Class = 0x0102030405',
  '3GPP-IMSI = "001010000000001"',
  '3GPP-Charging-ID = 66',
  '3GPP-SGSN-MCC-MNC = "26201"',
  '3GPP-RAT-Type = EUTRAN',
];

test('a session from start to stop is answered and recorded as it was told', { skip }, async (t) => {
  const { recorded, ask } = await serve(t);
  const packets = [
    ['Acct-Status-Type = Start', ...session],
    [
      'Acct-Status-Type = Interim-Update',
      ...session,
      'Acct-Input-Octets = 1000',
      'Acct-Output-Octets = 5000000',
      'Acct-Session-Time = 300',
    ],
    [
      'Acct-Status-Type = Stop',
      ...session,
      'Acct-Input-Octets = 7',
      'Acct-Input-Gigawords = 0',
      'Acct-Output-Octets = 4294967295',
      'Acct-Output-Gigawords = 3',
      'Acct-Terminate-Cause = User-Request',
      'Acct-Delay-Time = 2',
    ],
  ];
  const { code, stdout } = await ask(packets);
  assert.equal(code, 0);
  assert.match(stdout, /Accounting-Response.*Accounting-Response.*Accounting-Response/s);
  assert.deepEqual(
    recorded.map(({ status, inputOctets, outputOctets, gigawordsPresent }) => [
      status,
      inputOctets,
      outputOctets,
      gigawordsPresent,
    ]),
    [
      ['start', null, null, false],
      ['interim', 1000n, 5_000_000n, false],
      ['stop', 7n, 3n * 2n ** 32n + 4_294_967_295n, true],
    ],
  );
  for (const { nas, sessionId, imsi, mcc, mnc, framedIp } of recorded)
    assert.deepEqual(
      { nas, sessionId, imsi, mcc, mnc, framedIp },
      {
        nas: 'pgw-1',
        sessionId: 'c0a8000100000042',
        imsi: '001010000000001',
        mcc: '262',
        mnc: '01',
        framedIp: '10.45.0.2',
      },
    );
});

test('another secret is never answered', { skip }, async (t) => {
  const { recorded, ask } = await serve(t);
  const { code } = await ask([['Acct-Status-Type = Start', ...session]], { key: 'wrong-secret' });
  assert.equal(code, 1);
  assert.equal(recorded.length, 0);
});

test('while nothing can be recorded the same packet comes again, and one is recorded', {
  skip,
}, async (t) => {
  let tries = 0;
  const { recorded, ask } = await serve(t, () => {
    if (++tries < 3) throw new Error('the database is away');
  });
  const { code } = await ask([['Acct-Status-Type = Start', ...session]], { more: ['-r', '5', '-t', '0.3'] });
  assert.equal(code, 0);
  assert.equal(recorded.length, 1);
});

test('the same content three times is answered three times', { skip }, async (t) => {
  const { recorded, ask } = await serve(t);
  const packet = ['Acct-Status-Type = Interim-Update', ...session, 'Acct-Input-Octets = 9'];
  const { code } = await ask([packet], { more: ['-c', '3'] });
  assert.equal(code, 0);
  // radclient may take an id again that was answered: then it is the same packet, and not recorded again.
  assert.ok(recorded.length >= 2 && recorded.length <= 3);
  assert.ok(recorded.every(({ inputOctets }) => inputOctets === 9n));
});

test('a NAS that restarts is heard', { skip }, async (t) => {
  const { recorded, ask } = await serve(t);
  const { code } = await ask([['Acct-Status-Type = Accounting-On', 'NAS-Identifier = "pgw-1"']]);
  assert.equal(code, 0);
  assert.deepEqual([recorded[0]?.status, recorded[0]?.nas], ['on', 'pgw-1']);
});

test('a Message-Authenticator as FreeRADIUS makes it is accepted', { skip }, async (t) => {
  const { recorded, ask } = await serve(t);
  const packet = ['Acct-Status-Type = Start', ...session, 'Message-Authenticator = 0x00'];
  assert.equal((await ask([packet])).code, 0);
  assert.equal(recorded.length, 1);
});

test('the time of an event is taken from the packet', { skip }, async (t) => {
  const { recorded, ask } = await serve(t);
  const seconds = Math.floor(Date.now() / 1000) - 600;
  await ask([['Acct-Status-Type = Start', ...session, `Event-Timestamp = ${seconds}`]]);
  assert.equal(recorded[0]?.at.getTime(), seconds * 1000);
});

async function serve(t: TestContext, before: () => void = () => {}) {
  const recorded: RadiusAccounting[] = [];
  const server = await createRadiusServer({
    host: '127.0.0.1',
    port: 0,
    clients: [{ address: '127.0.0.1', secret }],
    log: silentLog,
    now: () => new Date(),
    async record(accounting) {
      before();
      recorded.push(accounting);
      return 'counted';
    },
  });
  t.after(() => server.close());
  /** One packet after the other. */
  const ask = async (packets: string[][], { key = secret, more = ['-r', '1', '-t', '2'] } = {}) => {
    const child = spawn('radclient', ['-x', '-p', '1', ...more, `127.0.0.1:${server.port}`, 'acct', key]);
    child.stdin.end(packets.map((lines) => lines.join('\n')).join('\n\n'));
    const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    return { code, stdout };
  };
  return { recorded, ask };
}
