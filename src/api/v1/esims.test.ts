import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop, product, smdpAddress } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const [esim] = await makeEsims({ quantity: 2 });

type EsimJson = { id: string; iccid: string; activationCode: string | null; installUrl: string };

async function makeEsims(line: object): Promise<EsimJson[]> {
  const body = { lines: [{ product: product.name, ...line }] };
  const { json } = await shop.call('POST', '/v1/orders', { body });
  await shop.fulfil();
  return (await shop.call('GET', `/v1/orders/${json.id}/esims`)).json.data;
}

test('an eSIM is found by id and by ICCID, with its code and its links', async () => {
  const { json } = await shop.call('GET', `/v1/esims/${esim!.id}`);
  assert.deepEqual((await shop.call('GET', `/v1/esims/${esim!.iccid}`)).json, json);
  assert.equal(json.activationCode, `LPA:1$${smdpAddress}$${json.matchingId}`);
  assert.match(json.installUrl, /^http:\/\/api\.shop\.example\/i\/[\w-]{22}$/);
  assert.equal(new URL(json.installLinks.ios).searchParams.get('carddata'), json.activationCode);
  assert.equal(json.qrCode.png, `http://api.shop.example/v1/esims/${json.id}/qr.png`);
});

test('eSIMs are listed by state, page by page', async () => {
  const { json: first } = await shop.call('GET', '/v1/esims?limit=1&state=available');
  const { json: second } = await shop.call(
    'GET',
    `/v1/esims?limit=1&state=available&cursor=${first.nextCursor}`,
  );
  assert.ok(second.data[0].id < first.data[0].id);
  assert.deepEqual((await shop.call('GET', '/v1/esims?state=installed')).json, {
    data: [],
    nextCursor: null,
  });
});

test('a new eSIM has the bundle that was ordered, waiting', async () => {
  const { json } = await shop.call('GET', `/v1/esims/${esim!.id}/bundles`);
  const [bundle] = json.data;
  assert.deepEqual(
    [bundle.product, bundle.state, bundle.initialBytes, bundle.remainingBytes, bundle.validityDays],
    [product.name, 'queued', 1_000_000_000, 1_000_000_000, 7],
  );
});

test('the QR code is a PNG of the size asked for, or an SVG', async () => {
  const sideAt = async (scale: number) =>
    (await shop.call('GET', `/v1/esims/${esim!.id}/qr.png?scale=${scale}`)).bytes.readUInt32BE(16);
  assert.equal(await sideAt(40), (await sideAt(1)) * 40);
  const svg = await shop.call('GET', `/v1/esims/${esim!.id}/qr.svg`);
  assert.match(svg.bytes.toString(), /^<svg /);
});

for (const scale of ['0', '41', 'x', '1.5']) {
  test(`a scale of ${scale} is refused`, async () => {
    const { json } = await shop.call('GET', `/v1/esims/${esim!.id}/qr.png?scale=${scale}`);
    assert.deepEqual([json.code, json.fields[0].field], ['invalid_request', 'scale']);
  });
}

test('an eSIM for the default SM-DP+ has no code, no links and no picture', async () => {
  const [silent] = await makeEsims({ delivery: 'default_smdp', eid: '89049032000001000000000000000074' });
  const { json } = await shop.call('GET', `/v1/esims/${silent!.id}`);
  assert.deepEqual(
    [json.activationCode, json.matchingId, json.installLinks, json.qrCode],
    [null, null, null, null],
  );
  for (const file of ['qr.png', 'qr.svg'])
    assert.equal((await shop.call('GET', `/v1/esims/${silent!.id}/${file}`)).json.code, 'conflict');
});

test("another account's eSIM answers like one that does not exist", async () => {
  const secret = await shop.newKey(['read'], await shop.newAccount());
  for (const path of ['', '/bundles', '/qr.png', '/qr.svg'])
    for (const key of [esim!.id, esim!.iccid, `esm_${'0'.repeat(32)}`, '8901', 'nonsense', '%00'])
      assert.equal((await shop.call('GET', `/v1/esims/${key}${path}`, { secret })).json.code, 'not_found');
});
