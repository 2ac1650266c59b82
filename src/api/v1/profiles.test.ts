import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop, product } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const eid = '89049032000001000000000000000074';

type EsimJson = {
  id: string;
  iccid: string;
  orderId: string;
  matchingId: string;
  state: string;
  eid: string | null;
};

async function makeEsim(line: object = {}): Promise<EsimJson> {
  const body = { lines: [{ product: product.name, quantity: 1, ...line }] };
  const { json } = await shop.call('POST', '/v1/orders', { body });
  await shop.fulfil();
  return (await shop.call('GET', `/v1/orders/${json.id}/esims`)).json.data[0];
}

const set = (iccid: string, columns: string) =>
  query(shop.ctx.db, `update smdp.profiles set ${columns} where iccid = $1`, [iccid]);
const act = (iccid: string, action: string, body: object = {}, headers = {}) =>
  shop.call('POST', `/v1/profiles/${iccid}/${action}`, { body, headers });
const esimOf = async ({ id }: EsimJson): Promise<EsimJson> =>
  (await shop.call('GET', `/v1/esims/${id}`)).json;

test('a profile shows where it stands, its counters, its order and its eSIM', async () => {
  const esim = await makeEsim();
  await set(esim.iccid, 'download_attempts = 2');
  const { json } = await shop.call('GET', `/v1/profiles/${esim.iccid}`);
  assert.deepEqual(
    [json.state, json.profileType, json.orderId, json.esimId, json.matchingId, json.requester, json.enabled],
    ['released', product.profileType, esim.orderId, esim.id, esim.matchingId, null, null],
  );
  assert.deepEqual(
    [json.downloadAttempts, json.confirmationFailures],
    [
      { count: 2, max: 10 },
      { count: 0, max: 5 },
    ],
  );
  assert.deepEqual(json.actions, ['reset', 'rebind', 'expire']);
});

test('profiles are listed by what a person knows of them', async () => {
  const esim = await makeEsim();
  const bound = await makeEsim({ eid });
  await set(bound.iccid, "state = 'error'");
  for (const [filter, found] of [
    [`orderId=${esim.orderId}`, [esim.iccid]],
    [`iccid=${esim.iccid}`, [esim.iccid]],
    [`iccid=${esim.iccid}&orderId=${esim.orderId}`, [esim.iccid]],
    [`iccid=${esim.iccid}&orderId=${bound.orderId}`, []],
    [`matchingId=${esim.matchingId}`, [esim.iccid]],
    [`eid=${eid}`, [bound.iccid]],
    ['state=error', [bound.iccid]],
    [`eid=${eid}&state=installed`, []],
    ['profileType=nobody-knows', []],
    ['orderId=ord_nobody_knows', []],
  ] as const) {
    const { json } = await shop.call('GET', `/v1/profiles?${filter}`);
    assert.deepEqual(
      json.data.map(({ iccid }: EsimJson) => iccid),
      found,
      filter,
    );
  }
  const { json: first } = await shop.call('GET', `/v1/profiles?limit=1&profileType=${product.profileType}`);
  const { json: second } = await shop.call('GET', `/v1/profiles?limit=1&cursor=${first.nextCursor}`);
  assert.deepEqual([first.data[0].iccid, second.data[0].iccid], [bound.iccid, esim.iccid]);
});

test('profiles that a function requester ordered name it, and are listed by it', async () => {
  const { iccid } = await makeEsim();
  await query(
    shop.ctx.db,
    `insert into smdp.function_requesters (id, account_id, identifier, certificates, fingerprints, tells_changes,
       created_at, updated_at) values ('fnr_1', $1, 'Operator X', '{pem}', '{00}', false, now(), now())`,
    [shop.account.id],
  );
  await set(iccid, "requester_id = 'fnr_1'");
  for (const requester of ['Operator X', 'fnr_1']) {
    const { json } = await shop.call('GET', `/v1/profiles?requester=${encodeURIComponent(requester)}`);
    assert.deepEqual(
      [json.data.length, json.data[0].iccid, json.data[0].requester],
      [1, iccid, 'Operator X'],
    );
  }
  assert.equal((await shop.call('GET', '/v1/profiles?requester=nobody')).status, 404);
});

test('a failed download is reset: the eSIM is available again, and the history says who did it and why', async () => {
  const esim = await makeEsim();
  await set(esim.iccid, "state = 'error', confirmation_failures = 5");
  await query(
    shop.ctx.db,
    "update esims.esims set state = 'failed', failure_code = 'download_failed' where id = $1",
    [esim.id],
  );
  const { json } = await act(esim.iccid, 'reset', { reason: 'called us' });
  assert.deepEqual([json.state, json.confirmationFailures.count], ['released', 0]);
  assert.equal((await esimOf(esim)).state, 'available');
  const { json: history } = await shop.call('GET', `/v1/profiles/${esim.iccid}/history`);
  const [event] = history.data;
  assert.deepEqual(
    [event.type, event.data.reason, event.data.before.state, event.data.after.state],
    ['profile.reset', 'called us', 'error', 'released'],
  );
  assert.match(event.actor, /^key_/);
  const [told] = await shop
    .events(`resource=${esim.id}&type=esim.available&limit=200`)
    .then((all) => all.slice(-1));
  assert.equal(told?.['requestId'], event.requestId);
});

test('a deleted profile is released to another phone with a new code, which its eSIM shows', async () => {
  const esim = await makeEsim({ eid });
  await set(esim.iccid, "state = 'deleted'");
  await query(shop.ctx.db, "update esims.esims set state = 'deleted' where id = $1", [esim.id]);
  const { json } = await act(esim.iccid, 'release', { eid: null, newMatchingId: true });
  assert.deepEqual([json.state, json.eid], ['released', null]);
  assert.notEqual(json.matchingId, esim.matchingId);
  const again = await esimOf(esim);
  assert.deepEqual([again.state, again.eid, again.matchingId], ['available', null, json.matchingId]);
});

test('a profile that is rebound and one that is expired take their eSIMs along', async () => {
  const esim = await makeEsim();
  const { json: rebound } = await act(esim.iccid, 'rebind', { eid });
  assert.deepEqual([rebound.eid, (await esimOf(esim)).eid], [eid, eid]);
  await act(esim.iccid, 'rebind', { eid: null });
  assert.equal((await esimOf(esim)).eid, null);
  const { json: expired } = await act(esim.iccid, 'expire');
  assert.deepEqual([expired.state, expired.actions], ['unavailable', ['release']]);
  assert.equal((await esimOf(esim)).state, 'failed');
});

test('an action is done once for its key, and the key is for one action on one profile', async () => {
  const esim = await makeEsim();
  await set(esim.iccid, "state = 'deleted'");
  const headers = { 'idempotency-key': 'again' };
  const { json } = await act(esim.iccid, 'release', { newMatchingId: true }, headers);
  assert.deepEqual((await act(esim.iccid, 'release', { newMatchingId: true }, headers)).json, json);
  assert.equal((await act(esim.iccid, 'release', {}, headers)).json.code, 'idempotency_key_reused');
  assert.equal(
    (await act((await makeEsim()).iccid, 'release', { newMatchingId: true }, headers)).status,
    409,
  );
  const { json: history } = await shop.call('GET', `/v1/profiles/${esim.iccid}/history`);
  assert.equal(history.data.length, 1);
});

test('what a state does not allow is a conflict that says what would do', async () => {
  const { iccid } = await makeEsim();
  const { status, json } = await act(iccid, 'release');
  assert.deepEqual([status, json.code], [409, 'conflict']);
  assert.match(json.detail, /rebind it for another EID/);
});

for (const [action, body, field] of [
  ['rebind', {}, 'eid'],
  ['rebind', { eid: '123' }, 'eid'],
  ['rebind', { eid: '89049032000001000000000000000075' }, 'eid'],
  ['reset', { counters: true }, ''],
  ['release', { expiresAt: 'tomorrow' }, 'expiresAt'],
  ['expire', { reason: 'x'.repeat(501) }, 'reason'],
] as const)
  test(`${action} with ${JSON.stringify(body).slice(0, 60)} is refused, naming the field`, async () => {
    const { iccid } = await makeEsim();
    const { status, json } = await act(iccid, action, body);
    assert.deepEqual([status, json.code], [400, 'invalid_request']);
    if (field) assert.equal(json.fields[0].field, field);
  });

test('cursors of other lists, and what is none, are refused', async () => {
  const { iccid } = await makeEsim();
  for (const path of [
    '/profiles',
    `/profiles/${iccid}/sessions`,
    `/profiles/${iccid}/notifications`,
    `/rsp-sessions`,
  ])
    for (const cursor of [
      'x',
      'infinity_1',
      '2026-02-30T00:00:00.000000Z_8900',
      '2026-01-01T00:00:00.000000Z_zz',
      `2026-01-01T00:00:00.000000Z_${'a'.repeat(99)}`,
    ]) {
      const { status } = await shop.call(
        'GET',
        `/v1${path}?${path === '/rsp-sessions' ? `eid=${eid}&` : ''}cursor=${cursor}`,
      );
      assert.equal(status, 400, `${path} ${cursor}`);
    }
  for (const cursor of ['x', `evt_${'f'.repeat(32)}`])
    assert.equal((await shop.call('GET', `/v1/profiles/${iccid}/history?cursor=${cursor}`)).status, 400);
});

test('sessions are shown with their steps and the codes of refusals', async () => {
  const { iccid } = await makeEsim();
  await query(
    shop.ctx.db,
    `insert into smdp.sessions (transaction_id, state, ci_key_id, server_ci_key_id, server_challenge, eid, iccid,
       expires_at, opened_at, ended_at, outcome, server_address, steps)
     values ('\\xab12', 'ended', '\\x0a', '\\x0b', '\\x00', $1, $2, now(), now(), now(), 'refused', 'smdp.shop.example', $3)`,
    [
      eid,
      iccid,
      JSON.stringify([
        { function: 'initiateAuthentication', at: '2026-11-21T12:00:00.000Z', status: 'ok' },
        {
          function: 'authenticateClient',
          at: '2026-11-21T12:00:01.000Z',
          status: 'refused',
          subjectCode: '8.2.6',
          reasonCode: '3.8',
          detail: 'no',
        },
      ]),
    ],
  );
  await set(iccid, `eid = '${eid}'`);
  const { json } = await shop.call('GET', `/v1/profiles/${iccid}/sessions`);
  const [session] = json.data;
  assert.deepEqual(
    [
      session.transactionId,
      session.outcome,
      session.serverAddress,
      session.euiccCiKeyId,
      session.serverCiKeyId,
    ],
    ['AB12', 'refused', 'smdp.shop.example', '0A', '0B'],
  );
  assert.deepEqual(session.steps[1], {
    function: 'authenticateClient',
    at: '2026-11-21T12:00:01.000Z',
    status: 'refused',
    subjectCode: '8.2.6',
    reasonCode: '3.8',
    detail: 'no',
  });
  assert.deepEqual((await shop.call('GET', `/v1/rsp-sessions?eid=${eid}`)).json.data, [session]);
  const { json: more } = await shop.call('GET', `/v1/profiles/${iccid}/sessions?limit=1`);
  const rest = await shop.call('GET', `/v1/profiles/${iccid}/sessions?limit=1&cursor=${more.nextCursor}`);
  assert.deepEqual(rest.json, { data: [], nextCursor: null });
});

test('another account sees and changes nothing: its answers are those for an unknown ICCID', async () => {
  const { iccid } = await makeEsim({ eid });
  const other = await shop.newAccount();
  const secret = await shop.newKey(['operator'], other);
  for (const path of ['', '/sessions', '/notifications', '/history']) {
    const { json: theirs } = await shop.call('GET', `/v1/profiles/${iccid}${path}`, { secret });
    const { json: unknown } = await shop.call('GET', `/v1/profiles/8900100000000999999${path}`, { secret });
    assert.deepEqual([theirs.code, theirs.detail], [unknown.code, unknown.detail]);
    assert.equal(theirs.code, 'not_found');
  }
  for (const [action, body] of [
    ['reset', {}],
    ['release', {}],
    ['rebind', { eid: null }],
    ['expire', {}],
  ] as const) {
    const { status } = await shop.call('POST', `/v1/profiles/${iccid}/${action}`, { secret, body });
    assert.equal(status, 404, action);
  }
  for (const path of ['/profiles', `/rsp-sessions?eid=${eid}`])
    assert.deepEqual((await shop.call('GET', `/v1${path}`, { secret })).json.data, []);
});
