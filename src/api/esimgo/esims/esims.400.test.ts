import assert from 'node:assert/strict';
import { test } from 'node:test';
import { updateSim } from '../../../modules/sims/index.ts';
import { query } from '../../../pg/query.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { bundleName, shopper } from '../bundles/test_shopper.ts';
import { type Method, openEsimGo } from '../test_esimgo.ts';
import { actionsLookedAtMax } from './esim_list.ts';

const door = await openEsimGo(await testDatabase());
const { call, ctx, foreign, account } = door;
const { buyOne } = shopper(door);
const { iccid, id } = await buyOne();

const operations: [method: Method, path: string, body?: object][] = [
  ['GET', ''],
  ['DELETE', ''],
  ['GET', '/history'],
  ['GET', '/refresh'],
  ['GET', '/location'],
  ['GET', `/compatible/${bundleName}`],
  ['POST', '/sms', { message: 'Hello' }],
  ['GET', '/suspend'],
  ['POST', '/suspend', { suspend: true }],
  ['GET', '/bundles'],
  ['POST', '/bundles', { name: bundleName }],
  ['GET', `/bundles/${bundleName}`],
  ['DELETE', `/bundles/${bundleName}`],
  ['DELETE', `/bundles/${bundleName}/assignments/bun_1`],
];
for (const [method, path, body] of operations)
  test(`${method} /esims/{iccid}${path} answers the same for unknown ICCIDs, foreign ones and what is none`, async () => {
    const answers = [];
    for (const [of, key] of [
      ['8988000000000000000', account.secret],
      [iccid, foreign.secret],
      [id, account.secret],
      ['x', account.secret],
      ['9'.repeat(90), account.secret],
      ["8988'--", account.secret],
    ] as const) {
      const { status, body: answer } = await call(method, `/esims/${encodeURIComponent(of)}${path}`, {
        key,
        body,
      });
      answers.push([status, answer.message, answer.reason]);
    }
    const same = [400, 'Your organisation has no eSIM with this ICCID.', 'unknown_iccid'];
    assert.deepEqual(
      answers,
      Array.from({ length: answers.length }, () => same),
    );
  });

const refusedLists: [query: string, message: RegExp][] = [
  ['page=0', /page: give a whole number from 1/],
  ['page=-1', /page/],
  ['page=one', /page/],
  ['page=10001&perPage=100', /page: pages end at row/],
  ['page=1&page=2', /page/],
  ['perPage=0', /perPage/],
  ['perPage=20', /perPage: give 10, 25, 50, 100/],
  ['perPage=101', /perPage/],
  ['direction=up', /direction: give asc, desc/],
  ['orderBy=customerRef', /orderBy: give iccid/],
  ['filterBy=colour&filter=x', /filterBy: give iccid/],
  ['filter=x', /filterBy: give one of/],
  ['filterBy=assignedDate&filter=gte:yesterday', /filter: give a day/],
  ['filterBy=actionDate&filter=2024-02-30', /filter: give a day/],
  ['filterBy=lastAction&filter=gt:x', /lastAction has no order/],
  ['filterBy=customerRef&filter=%00', /filter/],
];
for (const [query, message] of refusedLists)
  test(`a list of eSIMs with ${query} is refused`, async () => {
    const { status, body } = await call('GET', '/esims', { query });
    assert.equal(status, 400);
    assert.match(body.message, message);
  });

test('more eSIMs than can be looked at are not filtered by their last action', async () => {
  await query(
    ctx.db,
    `insert into esims.esims (id, account_id, origin, order_id, iccid, state, smdp_address, install_token, created_at, updated_at)
     select 'esm_' || lpad(n::text, 32, '0'), $1, 'ordered', 'ord_1', (8999000000000 + n)::text, 'available', '', 'f' || n,
       now(), now() from generate_series(1, $2::integer) as n`,
    [foreign.account.id, actionsLookedAtMax + 1],
  );
  const key = foreign.secret;
  const { status, body } = await call('GET', '/esims', { key, query: 'filterBy=lastAction&filter=x' });
  assert.equal(status, 400);
  assert.match(body.message, /more than 10000 eSIMs/);
});

const refusedNames: [body: object, message: RegExp][] = [
  [{ customerRef: 'x' }, /iccid: give/],
  [{ iccid }, /customerRef: give/],
  [{ iccid, customerRef: 'x'.repeat(256) }, /customerRef: give at most 255/],
  [{ iccid, customerRef: 7 }, /customerRef: give text/],
  [{ iccid, customerRef: 'a\0b' }, /customerRef: give 1 to 255/],
  [{ iccid: '8988000000000000000', customerRef: 'x' }, /no eSIM with this ICCID/],
  [{ iccid: Number(iccid), customerRef: 'x' }, /iccid/],
];
for (const [body, message] of refusedNames)
  test(`naming an eSIM by ${JSON.stringify(body).slice(0, 60)} is refused`, async () => {
    const answer = await call('PUT', '/esims', { body });
    assert.equal(answer.status, 400);
    assert.match(answer.body.message, message);
  });

const refusedMessages: [body: object, message: RegExp][] = [
  [{}, /message/],
  [{ message: '' }, /message: give 1 to 160 characters/],
  [{ message: 'x'.repeat(161) }, /message: give 1 to 160 characters/],
  [{ message: 'a\0b' }, /message: give text without zero/],
  [{ message: 1 }, /message: give text/],
  [{ message: 'Hi', from: 'Shop' }, /from: give eSIM/],
];
for (const [body, message] of refusedMessages)
  test(`the message ${JSON.stringify(body).slice(0, 40)} is refused`, async () => {
    const answer = await call('POST', `/esims/${iccid}/sms`, { body });
    assert.equal(answer.status, 400);
    assert.match(answer.body.message, message);
  });

test('a line that is suspended gets no message, and one that has ended is not unsuspended', async () => {
  const esim = await buyOne();
  const suspend = (suspended: unknown) =>
    call('POST', `/esims/${esim.iccid}/suspend`, { body: { suspend: suspended } });
  await suspend(true);
  const { status, body } = await call('POST', `/esims/${esim.iccid}/sms`, { body: { message: 'Hi' } });
  assert.equal(status, 400);
  assert.match(body.message, /inactive: commands need/);
  await write(ctx, {}, (tx) =>
    updateSim(tx, { accountId: account.account.id, key: esim.id, status: 'ended' }),
  );
  assert.equal((await suspend(false)).status, 400);
  for (const bad of [undefined, 'perhaps', null, 2])
    assert.match((await suspend(bad)).body.message, /suspend/);
});

test('an eSIM that no network has seen has no location', async () => {
  const { status, body } = await call('GET', `/esims/${iccid}/location`);
  assert.deepEqual([status, body.reason], [400, 'not_seen']);
});

test('whether an unknown or wrongly cased bundle can be used is not said', async () => {
  for (const name of ['nothing', bundleName.toUpperCase()]) {
    const { status, body } = await call('GET', `/esims/${iccid}/compatible/${name}`);
    assert.equal(status, 400);
    assert.match(body.message, /case-sensitive/);
  }
});

test('an eSIM is not deleted', async () => {
  const { status, body } = await call('DELETE', `/esims/${iccid}`);
  assert.deepEqual([status, body.reason], [400, 'not_deletable']);
  assert.equal((await call('GET', `/esims/${iccid}`)).status, 200);
});
