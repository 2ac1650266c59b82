import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, beforeEach, test } from 'node:test';
import { profilesCommand } from './profiles.ts';

const iccid = '8999701000000000017';
const eid = '89049032000001000000000000000074';
const profile = {
  iccid,
  state: 'error',
  enabled: null,
  profileType: 'test-usim',
  eid: null,
  matchingId: 'M-1',
  smdpAddress: 'smdp.example.com',
  smdsAddress: null,
  confirmationCodeRequired: true,
  requester: null,
  orderId: 'ord_1',
  esimId: 'esm_1',
  downloadAttempts: { count: 1, max: 10 },
  confirmationFailures: { count: 5, max: 5 },
  lastResult: { outcome: 'failed', reason: 'wrong \u001b[2Jtoo often' },
  expiresAt: null,
  createdAt: '2026-11-21T12:00:00.000Z',
  downloadedAt: null,
  installedAt: null,
  actions: ['reset', 'release'],
};

let calls: { method: string; url: string; account: unknown; body: unknown }[] = [];
let refusal: object | undefined;
let found: object[] = [profile];
const api = createServer(async (request, response) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const { method = '', url = '', headers } = request;
  assert.equal(headers.authorization, 'Bearer ovr_k');
  const body = parts.length > 0 ? JSON.parse(Buffer.concat(parts).toString()) : undefined;
  calls.push({ method, url, account: headers['overair-account'], body });
  response.writeHead(refusal ? 409 : 200, { 'content-type': 'application/json' });
  const isList = /\/(profiles|rsp-sessions|sessions|history|notifications)(\?|$)/.test(url);
  response.end(JSON.stringify(refusal ?? (isList ? { data: found, nextCursor: null } : profile)));
});
await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
after(() => api.close());
beforeEach(() => {
  calls = [];
  refusal = undefined;
  found = [profile];
});

async function run(...args: string[]): Promise<string> {
  const lines: string[] = [];
  const door = ['--api', `http://127.0.0.1:${(api.address() as AddressInfo).port}/v1`, '--key', 'ovr_k'];
  await profilesCommand([...args, ...door], {
    out: (text) => lines.push(text),
    env: { OVERAIR_DATA_DIR: '/nonexistent/overair' },
  });
  return lines.join('\n');
}

for (const [args, method, url, body] of [
  [['list'], 'GET', '/v1/profiles', undefined],
  [
    ['list', '--state', 'error', '--order', 'ord_1', '--requester', 'op', '--type', 't', '--limit', '2'],
    'GET',
    '/v1/profiles?state=error&orderId=ord_1&requester=op&profileType=t&limit=2',
    undefined,
  ],
  [['show', iccid], 'GET', `/v1/profiles/${iccid}`, undefined],
  [['reset', iccid, '--reason', 'asked'], 'POST', `/v1/profiles/${iccid}/reset`, { reason: 'asked' }],
  [['release', iccid], 'POST', `/v1/profiles/${iccid}/release`, {}],
  [
    [
      'release',
      iccid,
      '--any-eid',
      '--new-matching-id',
      '--not-on-device',
      '--expires-at',
      '2027-01-01T00:00:00+01:00',
    ],
    'POST',
    `/v1/profiles/${iccid}/release`,
    { eid: null, newMatchingId: true, notOnDevice: true, expiresAt: '2026-12-31T23:00:00.000Z' },
  ],
  [['release', iccid, '--expires-at', 'never'], 'POST', `/v1/profiles/${iccid}/release`, { expiresAt: null }],
  [['rebind', iccid, '--eid', eid], 'POST', `/v1/profiles/${iccid}/rebind`, { eid }],
  [['expire', iccid], 'POST', `/v1/profiles/${iccid}/expire`, {}],
] as const)
  test(`${args.join(' ')} is one call of the API`, async () => {
    await run(...args, '--account', 'acc_1');
    assert.deepEqual(calls, [{ method, url, account: 'acc_1', body }]);
  });

for (const given of ['M-1', 'LPA:1$smdp.example.com$M-1$$1', '1$smdp.example.com$M-1'])
  test(`a profile may be named by ${given}`, async () => {
    await run('show', given);
    assert.deepEqual(
      calls.map(({ url }) => url),
      ['/v1/profiles?matchingId=M-1', `/v1/profiles/${iccid}`],
    );
  });

test('a profile is shown with what a person needs, and nothing steers the terminal', async () => {
  assert.equal(
    await run('show', iccid),
    [
      `Profile ${iccid}`,
      '  State            error',
      '  Last result      failed: wrong ?[2Jtoo often',
      '  Downloads        1 of 10',
      '  Wrong codes      5 of 5',
      '  EID              any',
      '  Activation code  LPA:1$smdp.example.com$M-1$$1',
      '  Profile type     test-usim',
      '  Order, eSIM      ord_1, esm_1',
      '  Created          2026-11-21T12:00:00.000Z',
      '  May be done      reset, release',
    ].join('\n'),
  );
  assert.deepEqual(JSON.parse(await run('show', iccid, '--json')), profile);
});

test('what is not there is said', async () => {
  found = [];
  assert.deepEqual(
    [
      await run('list'),
      await run('sessions', '--eid', eid),
      await run('history', iccid),
      await run('notifications', iccid),
    ],
    [
      'No profile fits.',
      'There was no session in the last 30 days.',
      'Nothing happened to it yet.',
      'No device reported anything of it.',
    ],
  );
  await assert.rejects(run('show', 'M-2'), { detail: 'No profile has the matching id M-2.' });
});

test('a refusal is told in the words of the server', async () => {
  refusal = { code: 'conflict', detail: 'The profile is installed. Release it again.' };
  await assert.rejects(run('reset', iccid), { detail: 'The profile is installed. Release it again.' });
});

for (const [args, words] of [
  [['show'], /Name one profile/],
  [['show', iccid, iccid], /Name one profile/],
  [['rebind', iccid], /--any-eid/],
  [['rebind', iccid, '--eid', eid, '--any-eid'], /either/],
  [['release', iccid, '--expires-at', 'soon'], /--expires-at/],
  [['mend', iccid], /There is no command profiles mend/],
] as const)
  test(`${args.join(' ')} calls nobody and says what is missing`, async () => {
    await assert.rejects(run(...args), { detail: words });
    assert.deepEqual(calls, []);
  });

test('without a server or a key it says what to do', async () => {
  const io = { out: () => {}, env: { OVERAIR_DATA_DIR: '/nonexistent/overair' } };
  await assert.rejects(profilesCommand(['list', '--key', 'k'], io), { detail: /No server runs/ });
  await assert.rejects(profilesCommand(['list', '--api', 'http://127.0.0.1:1'], io), {
    detail: /overair sandbox/,
  });
  await assert.rejects(profilesCommand(['list', '--api', 'http://127.0.0.1:1', '--key', 'k'], io), {
    code: 'unavailable',
  });
});
