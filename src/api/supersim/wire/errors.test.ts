import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim } from '../test_supersim.ts';
import { openThings } from './test_things.ts';

const things = openThings(await openSuperSim(await testDatabase(), { stock: 0 }), []);
const post = (fields: Parameters<typeof things.call>[2], path = '') =>
  things.call('POST', `/supersim/v1/Things${path}`, fields);
const fail = (how: string) => post({ UniqueName: 'x', Fails: how });

test('an error has a code, a message, a page and its status, and nothing else', async () => {
  const { status, body, headers } = await fail('refusal');
  assert.equal(status, 400);
  assert.deepEqual(body, {
    code: 83601,
    message: 'Give whole days.',
    more_info: 'https://www.twilio.com/docs/errors/83601',
    status: 400,
  });
  assert.equal(headers['content-type'], 'application/json; charset=utf-8');
  assert.ok(headers['x-request-id']);
});

test('an operation may have a code of its own for what it is refused for', async () => {
  const [own, general] = [await fail('conflict'), await post('', '/conflict')];
  assert.deepEqual([own.status, own.body.code, own.body.message], [409, 83007, 'The thing is busy.']);
  assert.deepEqual([general.status, general.body.code], [409, 83004]);
});

test('messages call fields by the names of the vendor', async () => {
  const { status, body } = await fail('name_taken');
  assert.deepEqual([status, body.code], [409, 83011]);
  assert.match(body.message, / UniqueName: taken\.$/);
});

test('what is missing is the resource of the path, or what the form named', async () => {
  assert.equal(
    (await post('', '/nothing')).body.message,
    'The requested resource /Things/nothing was not found',
  );
  const named = (await fail('reference')).body;
  assert.deepEqual([named.code, named.message], [20404, 'There is no such thing. Thing: not one of yours.']);
});

test('who should try again is told when', async () => {
  const { status, body, headers } = await fail('unavailable');
  assert.deepEqual([status, body.code, headers['retry-after']], [503, 20503, '7']);
});

test('a fault of ours says nothing of itself', async () => {
  const { status, body } = await fail('fault');
  assert.deepEqual([status, body.code], [500, 20500]);
  assert.doesNotMatch(JSON.stringify(body), /secret/);
});

test('a form without what it needs is 20002, one with something wrong 20001', async () => {
  const empty = await post('');
  assert.deepEqual(
    [empty.status, empty.body.code, empty.body.message],
    [400, 20002, 'The form is not valid. UniqueName: required.'],
  );
  const wrong = await post({ Tag: ['1', '2', '3'] });
  assert.deepEqual([wrong.status, wrong.body.code], [400, 20001]);
  assert.match(wrong.body.message, /UniqueName: required; Tag: /);
});

test('a repeated field is refused unless it is a list, and an unknown one is left out', async () => {
  const { body } = await post({ UniqueName: 'x', Tag: ['1', '2'], Unknown: '1', __proto__x: '1' });
  assert.deepEqual(body.form, { UniqueName: 'x', Tag: ['1', '2'] });
  const twice = await post({ UniqueName: ['x', 'y'] });
  assert.deepEqual([twice.status, twice.body.code], [400, 20001]);
  assert.match(twice.body.message, /UniqueName: give it once/);
});

test('a handler may answer 202, and what is removed answers 204 with nothing', async () => {
  assert.equal((await fail('202')).status, 202);
  const { status, body } = await things.call('DELETE', '/supersim/v1/Things/a');
  assert.deepEqual([status, body], [204, undefined]);
});
