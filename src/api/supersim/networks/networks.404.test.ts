import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkByCode } from '../../../modules/catalogue/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim } from '../test_supersim.ts';
import { writeSid } from '../wire/sid.ts';

const { call } = await openSuperSim(await testDatabase());
const { id } = networkByCode('204', '08')!;

for (const key of [`HW${'0'.repeat(32)}`, writeSid('fleet', id), id, '20408', 'KPN'])
  test(`there is no network by ${key}`, async () => {
    const { status, body } = await call('GET', `/Networks/${key}`);
    assert.deepEqual([status, body.code], [404, 20404]);
  });
