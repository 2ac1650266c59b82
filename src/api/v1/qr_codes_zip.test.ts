import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { unzipSync } from 'fflate';
import { generateStock, getProfileType } from '../../modules/inventory/index.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { openShop, product, smdpAddress } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const hasZbar = canRun('zbarimg');

async function place(line: object = {}): Promise<string> {
  const body = { lines: [{ product: product.name, quantity: 2, ...line }] };
  return (await shop.call('POST', '/v1/orders', { body })).json.id;
}

test('the archive holds a picture per eSIM and the list of all, and every picture decodes to its code', async (t) => {
  const id = await place();
  await shop.fulfil();
  const { bytes, headers } = await shop.call('GET', `/v1/orders/${id}/qr-codes.zip`);
  assert.equal(headers['content-disposition'], `attachment; filename="${id}-qr-codes.zip"`);
  const files = unzipSync(bytes);
  const { json: esims } = await shop.call('GET', `/v1/orders/${id}/esims`);
  const lines = Buffer.from(files['esims.csv']!).toString().split('\r\n');
  assert.equal(lines[0], 'ICCID,Activation code,SM-DP+ address,Matching id,Install URL');
  assert.deepEqual(Object.keys(files).length, 3);
  for (const [index, esim] of esims.data.entries()) {
    const { iccid, activationCode, matchingId, installUrl } = esim;
    assert.equal(lines[index + 1], [iccid, activationCode, smdpAddress, matchingId, installUrl].join(','));
    if (hasZbar) assert.equal(decode(files[`${iccid}.png`]!), activationCode);
  }
  if (!hasZbar) t.diagnostic('SKIPPED in part: zbarimg is not installed, the pictures were not decoded');
});

test('while the order is not completed it answers when to come again', async () => {
  const { status, json, headers } = await shop.call('GET', `/v1/orders/${await place()}/qr-codes.zip`);
  assert.deepEqual([status, json.code, headers['retry-after']], [409, 'conflict', '1']);
});

test('for a cancelled order there is nothing to come again for', async () => {
  const id = await place();
  await shop.call('POST', `/v1/orders/${id}/cancel`);
  const { status, headers } = await shop.call('GET', `/v1/orders/${id}/qr-codes.zip`);
  assert.deepEqual([status, headers['retry-after']], [409, undefined]);
});

test('an eSIM for the default SM-DP+ is in the list but has no picture', async () => {
  const id = await place({ quantity: 1, delivery: 'default_smdp', eid: '89049032000001000000000000000074' });
  await shop.fulfil();
  const files = unzipSync((await shop.call('GET', `/v1/orders/${id}/qr-codes.zip`)).bytes);
  assert.deepEqual(Object.keys(files), ['esims.csv']);
  assert.match(Buffer.from(files['esims.csv']!).toString(), /^\d{19},,smdp/m);
});

test('more eSIMs than one page are all there', async () => {
  await write(shop.ctx, {}, async (tx) =>
    generateStock(tx, {
      accountId: shop.account.id,
      profileType: await getProfileType(tx, product.profileType),
      count: 1100,
    }),
  );
  const top = { body: { amount: { amount: '3000.00', currency: 'EUR' } } };
  await shop.call('POST', '/v1/balance/top-ups', top);
  const id = await place({ quantity: 1001 });
  await shop.fulfil();
  const files = unzipSync((await shop.call('GET', `/v1/orders/${id}/qr-codes.zip`)).bytes);
  assert.equal(Object.keys(files).length, 1002);
  assert.equal(Buffer.from(files['esims.csv']!).toString().split('\r\n').length, 1003);
});

function canRun(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function decode(png: Uint8Array): string {
  const options = { input: png, stdio: ['pipe', 'pipe', 'ignore'] as ('pipe' | 'ignore')[] };
  return execFileSync('zbarimg', ['--quiet', '--raw', '-'], options).toString().trim();
}
