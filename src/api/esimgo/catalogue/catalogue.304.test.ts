import assert from 'node:assert/strict';
import { test } from 'node:test';
import { putProducts } from '../../../modules/catalogue/index.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { bundle1Gb, openEsimGo } from '../test_esimgo.ts';

const { foreign, ctx, call } = await openEsimGo(await testDatabase());
const paths = ['/catalogue', `/catalogue/bundle/${bundle1Gb.name}`, '/catalogue/prices'];
const get = (path: string, tag?: string, key?: string) =>
  call('GET', path, {
    ...(tag !== undefined && { headers: { 'if-none-match': tag } }),
    ...(key !== undefined && { key }),
  });

for (const path of paths) {
  test(`${path} is not sent again to who has it, until the catalogue changes`, async () => {
    const first = await get(path);
    const tag = first.headers['etag'] ?? assert.fail();
    for (const given of [tag, tag.replace('W/', ''), `"other", ${tag}`, '*']) {
      const again = await get(path, given);
      assert.deepEqual([again.status, again.text, again.headers['etag']], [304, '', tag], given);
    }
    assert.equal((await get(path, '"other"')).status, 200);
    assert.equal((await get(path, tag, foreign.secret)).status, 200);
    await putProducts(ctx, [{ ...bundle1Gb, speeds: [`of ${path}`] }]);
    const changed = await get(path, tag);
    assert.equal(changed.status, 200);
    assert.notEqual(changed.headers['etag'], tag);
  });
}
