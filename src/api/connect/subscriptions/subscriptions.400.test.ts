import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { openConnect } from '../test_connect.ts';
import { newSim, useData } from '../test_lines.ts';
import { malformedDates } from '../wire/test_dates.ts';

const door = await openConnect(await testDatabase(), { fulfils: false });
const { call, ctx } = door;

for (const text of malformedDates)
  test(`${text} is refused as a date, by the name of the filter, in both versions`, async () => {
    for (const path of ['/v1/subscription', '/v2/subscriptions'])
      for (const name of ['before', 'after']) {
        const { status, body } = await call('GET', path, { query: { [name]: text } });
        assert.deepEqual(
          [status, body],
          [
            400,
            { type: 'INVALID_REQUEST_PARAMS', messages: [`${name}: give a date like 2019-09-13T12:00:00Z`] },
          ],
        );
      }
  });

for (const [query, message] of [
  ['iccid=89', 'iccid: give the 18 to 20 digits of an ICCID'],
  ['iccid=abc', 'iccid: give the 18 to 20 digits of an ICCID'],
  ['size=0', 'size: give a whole number from 1 to 1000'],
  ['size=1001', 'size: give a whole number from 1 to 1000'],
  ['size=many', 'size: give a whole number from 1 to 1000'],
  ['page=0', 'page: give a whole number from 1 to 1000000'],
  ['page=-1', 'page: give a whole number from 1 to 1000000'],
  ['page=1.5', 'page: give a whole number from 1 to 1000000'],
  ['page=99999999999999999999', 'page: give a whole number from 1 to 1000000'],
  ['before=a&before=b', 'before: give it once, as text'],
  ['email=a&email=b', 'email: give it once'],
  ['email=a%00b', 'email: give text without NUL'],
  [`product-id=${'x'.repeat(101)}`, 'product-id: give at most 100 characters'],
] as const)
  test(`?${query.slice(0, 40)} is refused by name`, async () => {
    const { status, body } = await call('GET', `/v1/subscription?${query}`);
    assert.deepEqual([status, body], [400, { type: 'INVALID_REQUEST_PARAMS', messages: [message] }]);
  });

test('everything that is wrong with a query is said at once', async () => {
  const { body } = await call('GET', '/v1/subscription?iccid=1&before=x&after=y&size=z&page=0');
  assert.deepEqual(body.messages.map((message: string) => message.replace(/:.*/, '')).sort(), [
    'after',
    'before',
    'iccid',
    'page',
    'size',
  ]);
});

test('what has started or ended is not activated, and says why', async () => {
  const { sim, bundles } = await newSim(door);
  const activate = () => call('POST', `/v1/subscription/${bundles[0]?.id}/activate`);
  await useData(ctx, sim, 1_000n);
  const active = await activate();
  assert.deepEqual([active.status, active.body.type], [400, 'INVALID_REQUEST_PARAMS']);
  assert.match(active.body.messages[0], /is active/);
  await useData(ctx, sim, 999_999_000n);
  assert.match((await activate()).body.messages[0], /is depleted/);
});
