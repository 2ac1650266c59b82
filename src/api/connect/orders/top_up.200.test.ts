import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { data1Gb, openConnect } from '../test_connect.ts';
import { newEsim, place, placed, topUp } from './test_orders.ts';

const data5Gb = { ...data1Gb, name: 'esim_5GB_30D_NL_V2', prices: { USD: 100n } };
const door = await openConnect(await testDatabase(), { products: [data1Gb, data5Gb] });

for (const operationType of ['TOPUP', 'TOPUP_ACTIVATION'])
  test(`${operationType} adds subscriptions to an eSIM, and tells all of it but the matching id`, async () => {
    const { output: made } = await placed(door, newEsim());
    const subscriptions = [
      { product_id: data5Gb.name },
      { product_id: data1Gb.name, price: 2, currency: 'USD' },
    ];
    const { status, output } = await placed(door, topUp(made.iccid, { operationType, subscriptions }));
    assert.equal(status, 'COMPLETED');
    const { subscription_id: first, subscription_ids: ids, ...rest } = output;
    assert.deepEqual(rest, {
      iccid: made.iccid,
      smdpUrl: made.smdpUrl,
      lpa_url: made.lpa_url,
      qrcode_url: made.qrcode_url,
    });
    assert.equal(ids[0], first);
    assert.equal(new Set([...ids, made.subscription_id]).size, 3);
    const { body } = await door.call('GET', `/v1/sim/${made.iccid}/subscriptions`);
    assert.deepEqual(
      new Set(body.map(({ id }: { id: string }) => id)),
      new Set([made.subscription_id, ...ids]),
    );
  });

test('a top-up needs no country, customer or type of device', async () => {
  const { output } = await placed(door, newEsim());
  assert.equal((await placed(door, topUp(output.iccid))).status, 'COMPLETED');
  const whole = newEsim({ operationType: 'TOPUP', esim: { iccid: output.iccid } });
  assert.equal((await placed(door, whole)).status, 'COMPLETED');
});

test('an order that was taken is answered again by its Idempotency-Key though it would be refused by now', async () => {
  const { output } = await placed(door, newEsim());
  const subscriptions = Array.from({ length: 14 }, () => ({ product_id: data5Gb.name }));
  const input = topUp(output.iccid, { subscriptions });
  const headers = { 'idempotency-key': 'fourteen' };
  const first = await placed(door, input, { headers });
  assert.equal(first.output.subscription_ids.length, 14);
  assert.equal((await place(door, input)).status, 400);
  assert.equal((await place(door, input, { headers })).body.id, first.id);
});
