import assert from 'node:assert/strict';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { completeEid } from '../../src/base/digits.ts';
import { startPlatform } from '../support/platform.ts';

// The hosts of the vendors themselves: what is in a client's configuration or /etc/hosts, nothing else changes.
const twilioHost = 'supersim.twilio.com';
const koreHost = 'supersim.api.korewireless.com';
const platform = await startPlatform({ OVERAIR_SUPERSIM_HOSTS: `${twilioHost},${koreHost}` });
const { apiKey, call } = platform;
const { id: accountId } = (await call('GET', '/account')).body;
const accountSid = `AC${accountId.slice(4)}`;
const basic = `Basic ${Buffer.from(`${accountSid}:${apiKey}`).toString('base64')}`;

type Sent = { host: string; path: string; data?: string; authorization?: string };

/** What curl sends for `--data`, over a real socket. */
async function curl({
  host,
  path,
  data,
  authorization,
}: Sent): Promise<{ status: number; headers: any; body: any }> {
  const { promise, resolve, reject } = Promise.withResolvers<import('node:http').IncomingMessage>();
  const { hostname, port } = new URL(platform.server.apiUrl);
  request(
    {
      hostname,
      port,
      path,
      method: data === undefined ? 'GET' : 'POST',
      headers: {
        host,
        accept: '*/*',
        ...(authorization && { authorization }),
        ...(data !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
    },
    resolve,
  )
    .on('error', reject)
    .end(data);
  const response = await promise;
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: JSON.parse(await text(response)),
  };
}

/** The members of the vendor's example of a profile that was just ordered. */
const exampleNew = {
  iccid: null,
  status: 'new',
  sim_sid: null,
  error_code: null,
  matching_id: null,
  error_message: null,
  activation_code: null,
  smdp_plus_address: null,
};
const masked = '89049032005008882600033489aaaaaa';

for (const [what, data, eid] of [
  ['for an EID', `Eid=${masked}`, masked],
  ['to be claimed by its matching id', 'GenerateMatchingId=true', null],
  [
    'for an EID with a callback',
    `Eid=${masked}&CallbackUrl=http%3A%2F%2Fcallback.twilio.com&CallbackMethod=POST`,
    masked,
  ],
] as const)
  test(`the vendor's example of a profile ${what} is answered as in its documentation, on the vendor's host`, async () => {
    const { status, body, headers } = await curl({
      host: twilioHost,
      path: '/v1/ESimProfiles',
      data,
      authorization: basic,
    });
    assert.equal(status, 201, JSON.stringify(body));
    const { sid, url, account_sid, date_created, date_updated, ...rest } = body;
    assert.match(sid, /^HP[0-9a-f]{32}$/);
    assert.equal(url, `http://${twilioHost}/v1/ESimProfiles/${sid}`);
    assert.equal(account_sid, accountSid);
    for (const date of [date_created, date_updated]) assert.match(date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.deepEqual(rest, { ...exampleNew, eid });
    assert.equal(headers['access-control-allow-origin'], '*');
  });

test('a client of KORE gets its token and its profile by the paths it knows, and errors that lead to KORE', async () => {
  const { apiKeyId } = await keyOf();
  const credentials = `grant_type=client_credentials&client_id=${apiKeyId}&client_secret=${apiKey}`;
  const token = await curl({ host: koreHost, path: '/api-services/v1/auth/token', data: credentials });
  assert.deepEqual([token.status, token.body.token_type, token.body.expires_in], [200, 'Bearer', 3600]);
  const authorization = `Bearer ${token.body.access_token}`;
  const made = await curl({
    host: koreHost,
    path: '/v1/ESimProfiles',
    data: `Eid=${completeEid('890490320050088826000334890000')}`,
    authorization,
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const missing = await curl({ host: koreHost, path: `/v1/Sims/HS${'0'.repeat(32)}`, authorization });
  assert.deepEqual(missing.body, {
    code: 20404,
    message: `The requested resource /Sims/HS${'0'.repeat(32)} was not found`,
    more_info: 'https://docs.korewireless.com/errors/20404',
    status: 404,
  });
});

test('the same door is under a prefix on every other host, and its links say so', async () => {
  const made = await curl({
    host: 'overair.example:8080',
    path: '/supersim/v1/ESimProfiles',
    data: 'GenerateMatchingId=True&SomethingUnknown=1',
    authorization: basic,
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  assert.equal(made.body.url, `http://overair.example:8080/supersim/v1/ESimProfiles/${made.body.sid}`);
  const list = await curl({
    host: 'overair.example:8080',
    path: '/supersim/v1/ESimProfiles?PageSize=1',
    authorization: basic,
  });
  const next = new URL(list.body.meta.next_page_url);
  assert.equal(next.origin + next.pathname, 'http://overair.example:8080/supersim/v1/ESimProfiles');
});

async function keyOf(): Promise<{ apiKeyId: string }> {
  const { data } = (await call('GET', '/api-keys')).body;
  return { apiKeyId: data[0].id };
}
