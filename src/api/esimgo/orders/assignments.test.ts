import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unzipSync } from 'fflate';
import { testDatabase } from '../../../pg/test_database.ts';
import { bundle1Gb, openEsimGo } from '../test_esimgo.ts';

const door = await openEsimGo(await testDatabase(), { stock: 60 });
const { call, foreign } = door;
const item = bundle1Gb.name;
const buy = async (parts: object = {}) =>
  (
    await call('POST', '/orders', {
      body: { type: 'transaction', assign: true, order: [{ quantity: 1, item, ...parts }] },
    })
  ).body;
const assignments = (reference: string | string[], accept?: string, more = {}) =>
  call('GET', '/esims/assignments', {
    query: { reference, ...more },
    headers: { ...(accept && { accept }) },
  });

const single = await buy();
const [esim] = single.order[0].esims;
const pair = await buy({ quantity: 2 });

for (const accept of [undefined, '*/*', 'text/csv'])
  test(`assignments are CSV for who accepts ${accept ?? 'nothing in particular'}`, async () => {
    const { status, text, headers } = await assignments(single.orderReference, accept);
    assert.equal(status, 200);
    assert.match(String(headers['content-type']), /^text\/csv/);
    assert.equal(
      text,
      `ICCID,Matching ID,RSP URL,Bundle,Reference\n${esim.iccid},${esim.matchingId},${esim.smdpAddress},${item},${single.orderReference}\n`,
    );
  });

test('as JSON a single eSIM is an object and more are a list, also for the header that axios sends', async () => {
  const one = await assignments(single.orderReference, 'application/json, text/plain, */*');
  assert.deepEqual([one.body.iccid, one.body.profileStatus], [esim.iccid, 'Released']);
  const two = await assignments(pair.orderReference, 'application/json');
  assert.deepEqual(
    two.body.map((each: any) => each.iccid),
    pair.order[0].iccids,
  );
  const links = await assignments(single.orderReference, 'application/json', {
    additionalFields: 'appleInstallUrl',
  });
  assert.match(links.body.appleInstallUrl, /^https:\/\/esimsetup\.apple\.com\//);
});

test('the ZIP has a picture for each eSIM and the list of them, of several orders and of a reference in the path', async () => {
  const { bytes } = await assignments([single.orderReference, pair.orderReference], 'application/zip');
  const files = unzipSync(bytes);
  const iccids = [esim.iccid, ...pair.order[0].iccids];
  assert.deepEqual(Object.keys(files), ['assignments.csv', ...iccids.map((iccid) => `${iccid}.png`)]);
  for (const iccid of iccids)
    assert.equal(Buffer.from(files[`${iccid}.png`]!).subarray(1, 4).toString(), 'PNG');
  const { text } = await call('GET', `/esims/assignments/${pair.orderReference}`);
  assert.equal(text.split('\n').length, 4);
  const old = await call('GET', `/esims/qr/${pair.orderReference}`);
  assert.equal(Object.keys(unzipSync(old.bytes)).length, 3);
});

test('a top-up is assigned to the eSIM that it was for', async () => {
  const topUp = await buy({ iccids: [esim.iccid] });
  const { text } = await assignments(topUp.orderReference);
  assert.equal(text.split('\n')[1]?.split(',')[0], esim.iccid);
});

test('an order under way says when to come back', async () => {
  const waiting = await openEsimGo(await testDatabase(), { fulfils: false, stock: 20 });
  const body = { type: 'transaction', assign: true, order: [{ quantity: 6, item }] };
  const { orderReference, status } = (await waiting.call('POST', '/orders', { body })).body;
  assert.equal(status, 'processing');
  const early = await waiting.call('GET', '/esims/assignments', { query: { reference: orderReference } });
  assert.deepEqual([early.status, early.headers['retry-after']], [503, '2']);
  assert.match(early.body.message, /^Processing/);
  await waiting.fulfil();
  const { status: then } = await waiting.call('GET', '/esims/assignments', {
    query: { reference: orderReference },
  });
  assert.equal(then, 200);
});

test('nothing is assigned by a reference that is none, unknown, or of another organisation, and by none at all', async () => {
  const unknown = await assignments('00000000-0000-7000-8000-000000000000');
  for (const [reference, key] of [
    ['nonsense', undefined],
    [single.orderReference, foreign.secret],
  ]) {
    const answer = await call('GET', '/esims/assignments', { query: { reference }, ...(key && { key }) });
    assert.deepEqual([answer.status, answer.text], [400, unknown.text]);
  }
  assert.equal((await call('GET', '/esims/assignments')).status, 400);
  assert.equal((await assignments(single.orderReference, 'image/png')).status, 406);
});
