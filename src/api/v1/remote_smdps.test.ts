import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testIdentity } from '../../outgoing/test_rsp_server.ts';
import { query } from '../../pg/query.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const theirs = testIdentity();
const ours = testIdentity();
const settings = {
  es2Url: 'https://smdp.partner.example:8444/',
  requesterIdentifier: 'OVERAIR',
  certificate: ours.identity.certificate,
  privateKey: ours.identity.privateKey,
  ca: theirs.ca,
};
const put = (name: string, body: object, options = {}) =>
  shop.call('PUT', `/v1/remote-smdps/${name}`, { body, ...options });
const get = (name: string, options = {}) => shop.call('GET', `/v1/remote-smdps/${name}`, options);
const metadata = { serviceProviderName: 'Partner', profileName: 'Travel', profileClass: 'operational' };
const createType = (name: string, more: object) =>
  shop.call('POST', '/v1/profile-types', { body: { name, metadata, ...more } });

test('a remote SM-DP+ is put, found, listed, put again without its key, and removed', async () => {
  const peerCertificates = [theirs.identity.certificate];
  const { status, json } = await put('partner', { ...settings, peerCertificates });
  assert.equal(status, 200);
  assert.deepEqual(
    [json.name, json.es2Url, json.smdpAddress, json.smdsAddress, json.failures, json.openUntil],
    ['partner', 'https://smdp.partner.example:8444', 'smdp.partner.example', 'lpa.ds.gsma.com', 0, null],
  );
  assert.match(json.peerFingerprints[0], /^[0-9a-f]{64}$/);
  assert.deepEqual((await get('partner')).json, { ...json, waiting: 0 });
  assert.deepEqual((await shop.call('GET', '/v1/remote-smdps')).json, { data: [json], nextCursor: null });
  const { privateKey: _, ...withoutKey } = settings;
  const again = await put('partner', { ...withoutKey, smdpAddress: 'rsp.partner.example' });
  assert.deepEqual(
    [again.json.id, again.json.smdpAddress, again.json.peerFingerprints],
    [json.id, 'rsp.partner.example', []],
  );
  assert.equal((await shop.call('DELETE', '/v1/remote-smdps/partner')).json.id, json.id);
  assert.equal((await get('partner')).status, 404);
  assert.equal((await put('partner', settings)).json.id, json.id);
  const types = (await shop.events(`resource=${json.id}`)).map(({ type }) => type);
  assert.deepEqual(
    types,
    ['created', 'updated', 'removed', 'created'].map((each) => `remote_smdp.${each}`),
  );
});

test('the private key is at rest only sealed, and shown nowhere', async () => {
  await put('sealed', settings);
  const rows = await query<{ private_key: Buffer }>(
    shop.ctx.db,
    "select * from remote_smdp.servers where name = 'sealed'",
  );
  assert.ok(!Buffer.from(rows[0]!.private_key).toString('latin1').includes('PRIVATE KEY'));
  assert.ok(!JSON.stringify((await get('sealed')).json).includes('PRIVATE KEY'));
  assert.ok(!JSON.stringify(await shop.events('limit=200')).includes('PRIVATE KEY'));
});

const stranger = testIdentity();
const expired = testIdentity({ now: new Date('2010-01-01T00:00:00Z') });
const refused: [name: string, change: object, field: string][] = [
  ['plain HTTP', { es2Url: 'http://smdp.partner.example' }, 'es2Url'],
  ['a user in the URL', { es2Url: 'https://a:b@smdp.partner.example' }, 'es2Url'],
  ['no URL', { es2Url: 'smdp' }, 'es2Url'],
  ['a blank in the identifier', { requesterIdentifier: 'a b' }, 'requesterIdentifier'],
  ['an address that is none', { smdpAddress: 'a b' }, 'smdpAddress'],
  ['a certificate that is none', { certificate: 'hello' }, 'certificate'],
  ['a certificate of last decade', expired.identity, 'certificate'],
  ['the key of another one', { privateKey: stranger.identity.privateKey }, 'privateKey'],
  ['a key that is none', { privateKey: 'hello' }, 'privateKey'],
  ['no key', { privateKey: undefined }, 'privateKey'],
  ['a root that is none', { ca: 'hello' }, 'ca'],
  ['a peer that is none', { peerCertificates: ['hello'] }, 'peerCertificates[0]'],
  ['a member that nobody knows', { port: 5 }, ''],
];
for (const [name, change, field] of refused) {
  test(`${name} is refused by name`, async () => {
    const { curve: _, ...body } = { ...settings, ...change } as Record<string, unknown>;
    const { status, json } = await put('refused', body);
    assert.deepEqual([status, json.code], [400, 'invalid_request']);
    assert.ok(json.fields.some((each: { field: string }) => each.field.startsWith(field)));
    assert.equal((await get('refused')).status, 404);
  });
}

test('a new certificate needs its key', async () => {
  await put('renewed', settings);
  const next = testIdentity();
  const { privateKey: _, ...withoutKey } = { ...settings, certificate: next.identity.certificate };
  assert.equal((await put('renewed', withoutKey)).json.fields[0].field, 'privateKey');
  const renewed = await put('renewed', { ...withoutKey, privateKey: next.identity.privateKey });
  assert.equal(renewed.json.certificate, next.identity.certificate);
});

test("another account's remote SM-DP+ answers like one that does not exist, and both may have the same name", async () => {
  const { json } = await put('shared', settings);
  const secret = await shop.newKey(['operator', 'read'], await shop.newAccount());
  assert.equal((await get('shared', { secret })).status, 404);
  assert.equal((await shop.call('DELETE', '/v1/remote-smdps/shared', { secret })).status, 404);
  assert.notEqual((await put('shared', settings, { secret })).json.id, json.id);
  const body = { name: 'of-other', metadata, remote: { smdp: 'sealed', profileType: 'X' } };
  const type = await shop.call('POST', '/v1/profile-types', { body, secret });
  assert.deepEqual([type.status, type.json.fields[0].field], [400, 'remote.smdp']);
});

test('a list goes on page by page', async () => {
  const { data } = (await shop.call('GET', '/v1/remote-smdps')).json;
  const first = (await shop.call('GET', '/v1/remote-smdps?limit=2')).json;
  const second = (await shop.call('GET', `/v1/remote-smdps?limit=2&cursor=${first.nextCursor}`)).json;
  const ids = [...first.data, ...second.data].map(({ id }: { id: string }) => id);
  assert.deepEqual(
    ids,
    data.slice(0, 4).map(({ id }: { id: string }) => id),
  );
});

test('a profile type of a remote SM-DP+ has no package, core, icon or stock of its own', async () => {
  await put('maker', settings);
  const remote = { smdp: 'maker', profileType: 'THEIR TYPE' };
  const { status, json } = await createType('remote', { remote });
  assert.deepEqual([status, json.remote, json.packageBytes], [201, remote, null]);
  const bad: object[] = [{ core: 'open5gs' }, { icon: 'iVBORw0KGgo=' }];
  for (const more of bad) assert.equal((await createType('bad', { remote, ...more })).status, 400);
  const unknown = await createType('unknown', { remote: { smdp: 'nobody', profileType: 'X' } });
  assert.deepEqual([unknown.status, unknown.json.fields[0].field], [400, 'remote.smdp']);
  const stock = await shop.call('POST', '/v1/stock/batches', {
    body: { profileType: 'remote', generate: 1 },
  });
  assert.deepEqual([stock.status, stock.json.code], [409, 'conflict']);
  const { data } = (await shop.call('GET', '/v1/stock')).json;
  assert.ok(data.every((each: { profileType: string }) => each.profileType !== 'remote'));
});
