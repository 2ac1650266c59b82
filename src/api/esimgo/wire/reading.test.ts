import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { openEsimGo } from '../test_esimgo.ts';
import { openThings } from './test_things.ts';

const things = openThings(await openEsimGo(await testDatabase(), { stock: 0 }));
const json = { 'content-type': 'application/json' };
const post = (body: unknown, headers: Record<string, string> = json) =>
  things.call('POST', '/things', { body, headers });

for (const [sent, read] of [
  [
    { assign: 'true', quantity: '2' },
    { assign: true, quantity: 2 },
  ],
  [
    { assign: false, quantity: 2 },
    { assign: false, quantity: 2 },
  ],
  [{ assign: 'False' }, { assign: false }],
  [{ assign: '', quantity: null, name: '', type: '' }, {}],
  [{ iccids: [''] }, { iccids: [] }],
  [{ iccids: '' }, {}],
  [{ iccids: null }, {}],
  [
    { iccids: '89', name: 'x' },
    { iccids: ['89'], name: 'x' },
  ],
  [{ iccids: ['1', '', '2'] }, { iccids: ['1', '2'] }],
  [{ unknown: 1, type: 'validate' }, { type: 'validate' }],
  [{}, {}],
] as const) {
  test(`a body of ${JSON.stringify(sent)} is read as ${JSON.stringify(read)}`, async () => {
    const { status, body } = await post(sent);
    assert.deepEqual([status, body.body], [200, read]);
  });
}

for (const [sent, message] of [
  [{ assign: 'yes' }, 'assign: give true or false.'],
  [{ quantity: 0 }, 'quantity: give a whole number from 1 to 100.'],
  [{ quantity: 1.5 }, 'quantity: give a whole number from 1 to 100.'],
  [{ quantity: 'many' }, 'quantity: give a whole number from 1 to 100.'],
  [{ quantity: true }, 'quantity: give a whole number from 1 to 100.'],
  [{ type: 'Validate' }, 'type: give validate, transaction.'],
  [{ name: 'x'.repeat(11) }, 'name: give at most 10 characters.'],
  [{ iccids: ['1', '2', '3', '4'] }, 'iccids: give at most 3 values.'],
  [{ iccids: { a: 1 } }, 'iccids: give texts.'],
  [[], 'body: invalid input: expected object, received array.'],
] as const) {
  test(`a body of ${JSON.stringify(sent).slice(0, 30)} is refused: ${message}`, async () => {
    const { status, body } = await post(sent);
    assert.deepEqual([status, body.message], [400, `The body is not valid. ${message}`]);
  });
}

test('JSON that cannot be read is refused with the place of the fault', async () => {
  for (const text of ['{', '{"a":}', '{"__proto__":{}}', 'x']) {
    const { status, body } = await post(text);
    assert.equal(status, 400);
    assert.match(body.message, /not valid JSON/);
  }
});

for (const [name, headers] of [
  ['application/json; charset=utf-8', { 'content-type': 'application/json; charset=utf-8' }],
  ['text/json', { 'content-type': 'text/json' }],
  ['no type', {}],
  ['an empty type', { 'content-type': '' }],
] as const) {
  test(`a body with ${name} is JSON`, async () => {
    const { status, body } = await post({ quantity: 3 }, headers);
    assert.deepEqual([status, body.body], [200, { quantity: 3 }]);
  });
}

test('an empty body is no body, whatever its type', async () => {
  for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
    const { status, body } = await things.call('POST', '/things', {
      headers: { 'content-type': type, 'content-length': '0' },
    });
    assert.deepEqual([status, body.body], [200, {}]);
  }
  assert.equal((await things.call('DELETE', '/things')).status, 201);
  assert.equal((await things.call('DELETE', '/things', { headers: json })).status, 201);
});

test('a query is read as a body is, and a parameter without a value says nothing', async () => {
  const query = 'assign=TRUE&quantity=7&name=&type=validate&iccids=1&iccids=2&iccids=&unknown=1';
  const { body } = await things.call('GET', `/things?${query}`);
  assert.deepEqual(body.query, { assign: true, quantity: 7, type: 'validate', iccids: ['1', '2'] });
  const twice = await things.call('GET', '/things?name=a&name=b');
  assert.deepEqual([twice.status, twice.body.message], [400, 'The query is not valid. name: give it once.']);
});

test('URLs in answers begin with what the client called', async () => {
  assert.equal((await things.call('GET', '/things')).body.base, 'http://api.example');
  const wrong = await things.call('GET', '/things', { headers: { host: 'a"b' } });
  assert.equal(wrong.status, 400);
});

test('an Idempotency-Key is given to what changes something, and a malformed one is refused there', async () => {
  assert.equal((await post({}, { ...json, 'idempotency-key': 'mine' })).body.idempotencyKey, 'mine');
  const wrong = { 'idempotency-key': 'x'.repeat(256) };
  assert.equal((await post({}, { ...json, ...wrong })).status, 400);
  assert.equal((await things.call('GET', '/things', { headers: wrong })).status, 200);
});
