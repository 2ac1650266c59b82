import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { generateStock, getProfileType } from '../../modules/inventory/index.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { openShop, product } from './test_shop.ts';

const shop = await openShop(await testDatabase());
await shop.app.listen({ host: '127.0.0.1', port: 0 });
after(() => shop.app.close());
const { port } = shop.app.server.address() as AddressInfo;

test('the first byte comes before most of the archive is made, and a client that goes away ends the work', async () => {
  await write(shop.ctx, {}, async (tx) =>
    generateStock(tx, {
      accountId: shop.account.id,
      profileType: await getProfileType(tx, product.profileType),
      count: 2500,
    }),
  );
  await shop.call('POST', '/v1/balance/top-ups', {
    body: { amount: { amount: '5000.00', currency: 'EUR' } },
  });
  const body = { lines: [{ product: product.name, quantity: 2500 }] };
  const { json } = await shop.call('POST', '/v1/orders', { body });
  await shop.fulfil();

  const started = performance.now();
  const response = await open(`/v1/orders/${json.id}/qr-codes.zip`);
  const [first] = await once(response, 'data');
  const firstMs = performance.now() - started;
  let size = first.length;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
  });
  await once(response, 'end');
  const allMs = performance.now() - started;
  assert.ok(size > 1_000_000);
  assert.ok(firstMs < allMs / 2, `first byte after ${firstMs} ms of ${allMs} ms`);

  const leaving = await open(`/v1/orders/${json.id}/qr-codes.zip`);
  await once(leaving, 'data');
  leaving.destroy();
  assert.equal((await shop.call('GET', `/v1/orders/${json.id}`)).status, 200);
});

async function open(path: string): Promise<IncomingMessage> {
  const request = get({ host: '127.0.0.1', port, path, headers: { authorization: `Bearer ${shop.secret}` } });
  const [response] = await once(request, 'response');
  return response;
}
