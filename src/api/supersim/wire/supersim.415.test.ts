import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { routes } from '../routes.ts';
import { examplePath, openSuperSim } from '../test_supersim.ts';

const door = await openSuperSim(await testDatabase());
const sendAs = (path: string, type: string, form: string) =>
  door.call('POST', path, { form, headers: { 'content-type': type } });

for (const { path } of routes.filter(({ method }) => method === 'POST')) {
  test(`POST ${path} takes no JSON`, async () => {
    const { status, body } = await sendAs(examplePath(path), 'application/json', '{}');
    assert.deepEqual([status, body.code], [415, 20001]);
  });
}

for (const type of ['multipart/form-data; boundary=x', 'text/plain', 'application/xml', 'nonsense', '']) {
  test(`a form is not taken as ${type || 'nothing at all'}`, async () => {
    const { status, body } = await sendAs('/ESimProfiles', type, 'GenerateMatchingId=true');
    assert.deepEqual([status, body.code], [415, 20001]);
  });
}

for (const encoding of ['gzip', 'deflate', 'br'])
  test(`a form that is compressed by ${encoding} is not read as an empty one`, async () => {
    const headers = { 'content-encoding': encoding };
    const { status, body } = await door.call('POST', '/Fleets', { form: 'DataLimit=1', headers });
    assert.deepEqual([status, body.code], [415, 20001]);
    assert.match(body.message, /not compressed/);
  });

for (const type of [
  'application/x-www-form-urlencoded; charset=utf-8',
  'Application/X-WWW-Form-Urlencoded',
]) {
  test(`a form is taken as ${type}`, async () => {
    const { status, body } = await sendAs('/ESimProfiles', type, 'Eid=123');
    assert.deepEqual([status, body.code], [400, 20001]);
    assert.match(body.message, /Eid: /);
  });
}
