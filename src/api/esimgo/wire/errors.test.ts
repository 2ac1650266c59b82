import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ErrorCode, errorCodes } from '../../../base/error_codes.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { openEsimGo } from '../test_esimgo.ts';
import { esimGoErrors } from './errors.ts';
import { openThings } from './test_things.ts';

const things = openThings(await openEsimGo(await testDatabase(), { stock: 0 }));
const fail = (how: string) => things.call('POST', `/things/${how}`);

test('an error has a message and nothing else', async () => {
  for (const [how, message] of [
    ['conflict', 'The thing is busy.'],
    ['refusal', 'Give whole days.'],
  ] as const) {
    const { status, body, headers } = await fail(how);
    assert.deepEqual([status, body], [400, { message }]);
    assert.equal(headers['content-type'], 'application/json; charset=utf-8');
  }
});

test('the id of a request is echoed, also with an error', async () => {
  const { headers } = await things.call('POST', '/things/conflict', { headers: { 'x-request-id': 'mine' } });
  assert.equal(headers['x-request-id'], 'mine');
  assert.match((await fail('conflict')).headers['x-request-id'] ?? '', /^req_/);
});

test('messages call fields by the names of the vendor, or of the operation', async () => {
  assert.equal(
    (await fail('unknown_product')).body.message,
    'There is no such bundle. Names are case-sensitive: take them from the catalogue. order[2].item: not in the catalogue.',
  );
  assert.equal((await fail('own_names')).body.message, 'Some are not yours. cards[0]: unknown.');
});

test('what is not there is a 400 that says where to look', async () => {
  const { status, body } = await fail('whatever');
  assert.equal(status, 400);
  assert.match(body.message, /Check the ICCID, name or reference/);
});

test('who should try again is told when, and after a second at least', async () => {
  const later = await fail('unavailable');
  assert.deepEqual(
    [later.status, later.body.message, later.headers['retry-after']],
    [503, 'Processing.', '7'],
  );
  const soon = await fail('rate_limited');
  assert.deepEqual([soon.status, soon.headers['retry-after']], [429, '1']);
});

test('a 403 has a reason for programs', async () => {
  const { status, body } = await fail('forbidden');
  assert.deepEqual([status, body], [403, { message: 'access denied', reason: 'forbidden' }]);
});

test('a fault of ours says nothing of itself', async () => {
  const { status, body } = await fail('fault');
  assert.equal(status, 500);
  assert.doesNotMatch(JSON.stringify(body), /secret/);
});

test('where the vendor declares text, an error is text that is the same JSON', async () => {
  const refused = await things.call('POST', '/texts', { body: { item: 'x' } });
  assert.deepEqual([refused.status, Object.keys(refused.body)], [400, ['message']]);
  const wrong = await things.call('POST', '/texts', { body: {} });
  assert.deepEqual([wrong.status, wrong.body], [400, { message: 'The body is not valid. item: required.' }]);
  const denied = await things.call('POST', '/texts', { body: {}, headers: { 'x-api-key': 'x' } });
  const unreadable = await things.call('POST', '/texts', {
    body: 'a=b',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  assert.deepEqual([denied.status, unreadable.status], [403, 415]);
  for (const { headers } of [refused, wrong, denied, unreadable])
    assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
});

test('what reaches an operation is answered with a status that the vendor declares', () => {
  const http: Partial<Record<ErrorCode, number>> = {
    body_too_large: 413,
    unsupported_media_type: 415,
    method_not_allowed: 405,
  };
  for (const code of Object.keys(errorCodes) as ErrorCode[]) {
    const { status } = esimGoErrors[code];
    if (http[code] !== undefined) assert.equal(status, http[code], code);
    else assert.ok([400, 403, 429, 500, 503].includes(status), code);
  }
});
