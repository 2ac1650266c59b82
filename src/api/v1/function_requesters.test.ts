import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeIdentity } from '../../modules/smdp/testing/test_es2.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const { certificate } = makeIdentity({ commonName: 'operator.example' });
const ca = makeIdentity({ commonName: 'Operator CA', isCa: true }).certificate;

const put = (identifier: string, body: object, options = {}) =>
  shop.call('PUT', `/v1/function-requesters/${encodeURIComponent(identifier)}`, { body, ...options });
const get = (path = '', options = {}) => shop.call('GET', `/v1/function-requesters${path}`, options);

test('a function requester is put, replaced whole, found by identifier and id, listed and removed', async () => {
  const { status, json } = await put('1.3.6.1.4.1.1', { certificates: [certificate] });
  assert.equal(status, 200);
  assert.match(json.id, /^fnr_/);
  assert.equal(json.certificates.length, 1);
  assert.match(json.certificates[0].fingerprint, /^[0-9a-f]{64}$/);
  assert.equal(json.certificates[0].subject, 'CN=operator.example');
  assert.deepEqual([json.ca, json.progressUrl, json.tellsChanges], [[], null, false]);

  const replaced = await put('1.3.6.1.4.1.1', {
    ca,
    subjectCommonName: 'es2',
    progressUrl: 'https://es2.example',
    tellsChanges: true,
  });
  assert.equal(replaced.json.id, json.id);
  assert.deepEqual(
    [replaced.json.certificates, replaced.json.ca[0].subject, replaced.json.progressUrl],
    [[], 'CN=Operator CA', 'https://es2.example'],
  );
  assert.deepEqual((await get('/1.3.6.1.4.1.1')).json, replaced.json);
  assert.deepEqual((await get(`/${json.id}`)).json, replaced.json);
  assert.deepEqual((await get()).json, { data: [replaced.json], nextCursor: null });

  assert.equal((await shop.call('DELETE', `/v1/function-requesters/${json.id}`)).status, 200);
  assert.equal((await get('/1.3.6.1.4.1.1')).status, 404);
  assert.deepEqual((await get()).json, { data: [], nextCursor: null });
  // It comes back as the one that ordered what it ordered.
  assert.equal((await put('1.3.6.1.4.1.1', { certificates: [certificate] })).json.id, json.id);
});

test('each change is told with who made it', async () => {
  const { json } = await put('told', { certificates: [certificate] });
  await put('told', { ca });
  await shop.call('DELETE', '/v1/function-requesters/told');
  const told = await shop.events(`resource=${json.id}`);
  assert.deepEqual(
    told.map((each) => each['type']),
    ['function_requester.created', 'function_requester.updated', 'function_requester.removed'],
  );
});

const unusable: [string, object][] = [
  ['neither certificates nor ca', {}],
  ['both', { certificates: [certificate], ca }],
  ['text that is no certificate', { certificates: ['hello'] }],
  ['PEM of something else', { certificates: [certificate.replaceAll('CERTIFICATE', 'X509 CRL')] }],
  ['PEM that is damaged', { certificates: [certificate.replace(/\n..../, '\nAAAA')] }],
  ['eleven certificates', { certificates: Array(11).fill(certificate) }],
  ['a CA that may issue nothing', { ca: certificate }],
  ['a common name without a CA', { certificates: [certificate], subjectCommonName: 'x' }],
  ['plain http', { certificates: [certificate], progressUrl: 'http://es2.example' }],
  ['a URL with a password', { certificates: [certificate], progressUrl: 'https://a:b@es2.example' }],
  ['a progress CA without URL', { certificates: [certificate], progressCa: ca }],
  ['a member that there is not', { certificates: [certificate], pins: [] }],
];
for (const [name, body] of unusable)
  test(`${name}: refused with 400, naming the field`, async () => {
    const { status, json } = await put('bad', body);
    assert.equal(status, 400);
    assert.equal(json.code, 'invalid_request');
    assert.ok(json.fields.length > 0);
    assert.equal((await get('/bad')).status, 404);
  });

test('an identifier is known once in the installation, and another account sees nothing of it', async () => {
  await put('shared', { certificates: [certificate] });
  const secret = await shop.newKey(['operator'], await shop.newAccount());
  assert.equal((await get('/shared', { secret })).status, 404);
  assert.deepEqual((await get('', { secret })).json.data, []);
  assert.equal((await put('shared', { certificates: [certificate] }, { secret })).status, 409);
  const removal = await shop.call('DELETE', '/v1/function-requesters/shared', { secret });
  assert.equal(removal.status, 404);
  await shop.call('DELETE', '/v1/function-requesters/shared');
  assert.equal((await put('shared', { certificates: [certificate] }, { secret })).status, 200);
});
