import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  createDeliveryDesk,
  createOutgoing,
  fanOut,
  useOutgoing,
  verifyWebhook,
} from '../../modules/webhooks/index.ts';
import { answer, openReceiver } from '../../modules/webhooks/test_receiver.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { openShop } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const outgoing = createOutgoing({
  allowedNetworks: ['127.0.0.1'],
  resolve: async (name) => {
    if (name !== 'receiver.example') throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
    return [{ address: '93.184.216.34', family: 4 }];
  },
});
useOutgoing(shop.core, outgoing);
const desk = createDeliveryDesk({ outgoing });
const receiver = await openReceiver();
after(async () => {
  outgoing.close();
  await receiver.close();
});
const url = 'https://receiver.example/hook';
const create = (body: object) => shop.call('POST', '/v1/webhooks', { body });

test('a webhook shows its secret once, and is read, changed and deleted without it', async () => {
  const made = await create({ url, types: ['order.completed', 'order.completed'], description: 'shop' });
  assert.equal(made.status, 201);
  const { secret, ...shown } = made.json;
  assert.match(secret, /^whsec_/);
  assert.deepEqual([shown.types, shown.description, shown.enabled], [['order.completed'], 'shop', true]);
  const path = `/v1/webhooks/${shown.id}`;
  assert.deepEqual((await shop.call('GET', path)).json, shown);
  const list = await shop.call('GET', '/v1/webhooks');
  assert.deepEqual(
    list.json.data.find((each: { id: string }) => each.id === shown.id),
    shown,
  );
  const put = await shop.call('PUT', path, { body: { url: `${url}2` } });
  assert.deepEqual(put.json, { ...shown, url: `${url}2`, types: null, description: null });
  const rotated = await shop.call('POST', `${path}/rotate-secret`, { body: {} });
  assert.notEqual(rotated.json.secret, secret);
  assert.equal((await shop.call('DELETE', path)).json.id, shown.id);
  for (const [method, target] of [
    ['GET', path],
    ['DELETE', path],
    ['GET', `${path}/deliveries`],
    ['POST', `${path}/rotate-secret`],
  ] as const)
    assert.equal((await shop.call(method, target)).json.code, 'not_found');
});

test('an order is told to the receiver, shown in the deliveries with its attempts, and replayed', async () => {
  const { json: made } = await create({ url: receiver.url, types: ['order.accepted', 'order.completed'] });
  const path = `/v1/webhooks/${made.id}`;
  await shop.call('POST', '/v1/orders', { body: { lines: [{ product: 'esim_1GB_7D_NL_V2' }] } });
  await shop.fulfil();
  receiver.reply = answer(200, 'thanks');
  await tellAll();
  const types = receiver.received.map(({ headers, body }) => {
    verifyWebhook({ headers, body, secrets: [made.secret] });
    return JSON.parse(body).type;
  });
  assert.deepEqual(types, ['order.accepted', 'order.completed']);
  const { json: list } = await shop.call('GET', `${path}/deliveries?state=delivered`);
  assert.deepEqual(
    list.data.map((each: { type: string }) => each.type),
    ['order.completed', 'order.accepted'],
  );
  const { json: page } = await shop.call('GET', `${path}/deliveries?limit=1`);
  const { json: next } = await shop.call('GET', `${path}/deliveries?limit=1&cursor=${page.nextCursor}`);
  assert.deepEqual([page.data[0].id, next.data[0].id], [list.data[0].id, list.data[1].id]);
  assert.deepEqual((await shop.call('GET', `${path}/deliveries?state=parked`)).json.data, []);
  const deliveryPath = `${path}/deliveries/${list.data[0].id}`;
  const { json: shown } = await shop.call('GET', deliveryPath);
  assert.deepEqual([shown.log.length, shown.log[0].status, shown.log[0].answer], [1, 200, 'thanks']);
  const [event] = await shop.events('type=order.completed');
  assert.equal(shown.event, event?.['id']);
  const again = await shop.call('POST', `${deliveryPath}/replay`);
  assert.deepEqual([again.json.state, again.json.attempts], ['pending', 0]);
  await tellAll();
  assert.equal((await shop.call('GET', deliveryPath)).json.log.length, 2);
  const range = { from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' };
  const parked = await shop.call('POST', `${path}/replay`, { body: range });
  assert.deepEqual(parked.json, { replayed: 0, more: false });
  const all = await shop.call('POST', `${path}/replay`, { body: { ...range, states: ['delivered'] } });
  assert.deepEqual(all.json, { replayed: 2, more: false });
  await shop.call('PUT', path, { body: { url: receiver.url, enabled: false } });
  assert.equal((await shop.call('POST', `${deliveryPath}/replay`)).json.code, 'conflict');
});

test('the 21st webhook is refused', async () => {
  const { json } = await shop.call('GET', '/v1/webhooks');
  for (let count = json.data.length; count < 20; count++) assert.equal((await create({ url })).status, 201);
  assert.deepEqual((await create({ url })).json.code, 'conflict');
});

for (const [body, field] of [
  [{}, 'url'],
  [{ url: 7 }, 'url'],
  [{ url: 'ftp://receiver.example/' }, 'url'],
  [{ url: 'not a url' }, 'url'],
  [{ url: `https://receiver.example/${'a'.repeat(2048)}` }, 'url'],
  [{ url: 'https://user:pass@receiver.example/' }, 'url'],
  [{ url: 'https://receiver.example/#x' }, 'url'],
  [{ url: 'https://nowhere.example/' }, 'url'],
  [{ url: 'http://169.254.169.254/latest' }, 'url'],
  [{ url: 'http://[::ffff:10.0.0.1]/' }, 'url'],
  [{ url, types: [] }, 'types'],
  [{ url, types: ['order.exploded'] }, 'types[0]'],
  [{ url, description: 'a\u0000b' }, 'description'],
] as const) {
  test(`${JSON.stringify(body).slice(0, 80)} is refused by name`, async () => {
    const { json, status } = await create(body);
    assert.deepEqual([status, json.code, json.fields?.[0]?.field], [400, 'invalid_request', field]);
  });
}

test('a URL is checked when a webhook is changed, too', async () => {
  const { json: list } = await shop.call('GET', '/v1/webhooks');
  const { json } = await shop.call('PUT', `/v1/webhooks/${list.data[0].id}`, {
    body: { url: 'http://10.0.0.1/' },
  });
  assert.deepEqual([json.code, json.fields[0].field], ['invalid_request', 'url']);
});

test("another account's webhook answers like an unknown one", async () => {
  const { json: list } = await shop.call('GET', '/v1/webhooks');
  const secret = await shop.newKey(['read', 'webhooks:write'], await shop.newAccount());
  for (const id of [list.data[0].id, 'whk_0'])
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PUT', '', { url }],
      ['DELETE', '', undefined],
      ['POST', '/rotate-secret', undefined],
      ['GET', '/deliveries', undefined],
      ['GET', '/deliveries/dlv_0', undefined],
      ['POST', '/deliveries/dlv_0/replay', undefined],
      ['POST', '/replay', { from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' }],
    ] as const) {
      const options = { secret, ...(body && { body }) };
      const { json } = await shop.call(method, `/v1/webhooks/${id}${path}`, options);
      assert.deepEqual(
        [json.code, json.detail],
        ['not_found', 'There is no such webhook.'],
        `${method} ${path}`,
      );
    }
});

test('a cursor of another list and a backward range are refused', async () => {
  const { json: list } = await shop.call('GET', '/v1/webhooks');
  const path = `/v1/webhooks/${list.data[0].id}`;
  assert.equal((await shop.call('GET', `${path}/deliveries?cursor=ord_1`)).json.code, 'invalid_request');
  const backward = { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' };
  assert.equal((await shop.call('POST', `${path}/replay`, { body: backward })).json.fields[0].field, 'to');
});

async function tellAll(): Promise<void> {
  const now: Ctx = { ...shop.ctx, now: new Date() };
  while ((await fanOut(now)) > 0);
  for (let count = 1; count > 0; ) {
    count = await desk.deliverDue({ ...now, now: new Date() });
    await desk.settle();
  }
}
