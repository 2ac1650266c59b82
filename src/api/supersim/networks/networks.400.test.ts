import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim } from '../test_supersim.ts';

const { call } = await openSuperSim(await testDatabase());

for (const [name, value] of [
  ['IsoCountry', 'Netherlands'],
  ['IsoCountry', '31'],
  ['Mcc', '20'],
  ['Mcc', '2044'],
  ['Mnc', '1'],
  ['Mnc', 'x'],
  ['Mnc', ['01', '02']],
  ['PageToken', `PA${Buffer.from('net_0').toString('base64url')}`],
  ['PageSize', '0'],
] as const)
  test(`a list of networks with ${name}=${value} is refused`, async () => {
    const { status, body } = await call('GET', '/Networks', { query: { [name]: value } });
    assert.deepEqual([status, body.code], [400, 20001]);
    assert.match(body.message, new RegExp(name));
  });

for (const [query, message] of [
  ['IsoCountry=', 'The query is not valid. IsoCountry: give a value.'],
  ['IsoCountry=DEU', 'The query is not valid. IsoCountry: give at most 2 characters.'],
  ['Mcc=', 'The query is not valid. Mcc: give a value.'],
] as const)
  test(`what is wrong with ${query} is told once`, async () => {
    assert.equal((await call('GET', '/Networks', { query })).body.message, message);
  });
