import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { openEsimGo } from '../test_esimgo.ts';
import { openThings } from './test_things.ts';

const things = openThings(await openEsimGo(await testDatabase(), { stock: 0 }));
const get = (path: string, accept: string) => things.call('GET', path, { headers: { accept } });

test('what an operation cannot answer is refused, and the answer says what it can', async () => {
  const { status, body } = await get('/things', 'text/html');
  assert.deepEqual(
    [status, body],
    [406, { message: 'This operation answers application/json. Ask for it in Accept.' }],
  );
  assert.equal((await get('/things/file', 'image/png')).status, 406);
});

test('nothing is changed for who cannot read the answer', async () => {
  const { status } = await things.call('POST', '/things/fault', { headers: { accept: 'text/html' } });
  assert.equal(status, 406);
});

for (const accept of ['application/json', 'application/json, text/plain, */*', '*/*', 'application/*', '']) {
  test(`Accept: ${accept} gets JSON`, async () => {
    const { status, headers } = await get('/things', accept);
    assert.deepEqual([status, headers['content-type']], [200, 'application/json; charset=utf-8']);
  });
}

test('an operation with several types answers the one that is liked best, and caches are told', async () => {
  const [csv, zip] = [await get('/things/file', ''), await get('/things/file', 'application/zip')];
  assert.deepEqual([csv.headers['content-type'], csv.body], ['text/csv', 'a,b\n']);
  assert.deepEqual(zip.body, { accepted: 'application/zip' });
  assert.deepEqual([csv.headers['vary'], zip.headers['vary']], ['Accept', 'Accept']);
});
