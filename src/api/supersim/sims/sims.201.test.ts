import assert from 'node:assert/strict';
import { test } from 'node:test';
import { present } from '../../../base/assert.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim, testBase } from '../test_supersim.ts';
import { newCards } from './test_sims.ts';

const door = await openSuperSim(await testDatabase());

async function newCard() {
  const [form] = await newCards(door, 1);
  return present(form, 'a card');
}

test('a SIM card is registered with the code that is printed on it, and is new', async () => {
  const form = await newCard();
  const { status, body } = await door.call('POST', '/Sims', { form });
  assert.equal(status, 201);
  const url = `${testBase}/Sims/${body.sid}`;
  assert.deepEqual(body, {
    sid: body.sid,
    unique_name: null,
    account_sid: door.account.sid,
    iccid: form.Iccid,
    status: 'new',
    fleet_sid: null,
    date_created: body.date_created,
    date_updated: body.date_created,
    url,
    links: { billing_periods: `${url}/BillingPeriods`, sim_ip_addresses: `${url}/IpAddresses` },
  });
  assert.match(body.sid, /^HS[0-9a-f]{32}$/);
  assert.deepEqual((await door.call('GET', `/Sims/${body.sid}`)).body, body);
});

test('a repeated Idempotency-Key gives the SIM that was registered', async () => {
  const options = { form: await newCard(), headers: { 'idempotency-key': 'card' } };
  const first = await door.call('POST', '/Sims', options);
  const again = await door.call('POST', '/Sims', options);
  assert.deepEqual([again.status, again.body], [201, first.body]);
});

test('one wrong code does not keep the right one out', async () => {
  const form = await newCard();
  const wrong = await door.call('POST', '/Sims', { form: { ...form, RegistrationCode: 'H3LL0W0RLD' } });
  assert.equal(wrong.status, 400);
  assert.equal((await door.call('POST', '/Sims', { form })).status, 201);
});
