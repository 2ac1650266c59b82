import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Ctx } from '../../../pg/ctx.ts';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { esimGoRequest } from '../dialects/esim_go.ts';
import { answer, openReceiver } from '../test_receiver.ts';
import { addEndpoint, deliveriesOf, happen, openDesk, tellAll } from '../test_webhooks.ts';
import { deleteEndpoint, rotateSecret, updateEndpoint } from './change_endpoint.ts';
import { findDialectEndpoint, putDialectEndpoint, removeDialectEndpoint } from './dialect_endpoint.ts';
import { getEndpoint, listEndpoints } from './find_endpoints.ts';
import { endpointsPerAccountMax } from './target.ts';

const ctx = testCtx(await testDatabase());
const dialect = 'esim_go';
const esimGo: Dialect = async (_ctx, { url, event, secrets }) =>
  esimGoRequest({ url, json: { told: event.resourceId }, secret: secrets[0] });
const desk = openDesk({ dialects: { esim_go: esimGo } });
const first = await openReceiver();
const second = await openReceiver();
after(() => Promise.all([first.close(), second.close()]));

const put = (accountId: string, url: string, secret: string | null = null) =>
  write(ctx, {}, (tx) =>
    putDialectEndpoint(tx, { accountId, dialect, url, types: ['esim.installed'], secret }),
  );
const remove = (accountId: string) =>
  write(ctx, {}, (tx) => removeDialectEndpoint(tx, { accountId, dialect }));
const find = (accountId: string) => findDialectEndpoint(ctx, { accountId, dialect });

test('an account has one endpoint in a dialect, however often and at once it is set', async () => {
  const all = await Promise.all(Array.from({ length: 10 }, (_, at) => put('acc_one', `${first.url}?${at}`)));
  assert.equal(new Set(all.map(({ id }) => id)).size, 1);
  assert.equal((await listEndpoints(ctx, 'acc_one')).length, 1);
  assert.equal(await find('acc_none'), undefined);
});

test('it is told about the account, signed, and what waits goes to a new URL', async () => {
  first.reply = answer(500);
  const { id } = await put('acc_moved', first.url, 'a-key');
  await happen(ctx, 'acc_moved', 'esm_1');
  await tellAll(ctx, desk);
  assert.deepEqual([first.received.length, second.received.length], [1, 0]);
  assert.ok(first.received[0]?.headers['x-signature-sha256']);
  const moved = await put('acc_moved', second.url);
  assert.deepEqual([moved.id, moved.url], [id, second.url]);
  await tellAll({ ...ctx, now: new Date(ctx.now.getTime() + 60_000) }, desk);
  assert.equal(second.received[0]?.body, '{"told":"esm_1"}');
  assert.equal(second.received[0]?.headers['x-signature-sha256'], undefined);
});

test('one that is taken away is told nothing more, and what waits for it is dropped', async () => {
  first.reply = answer(500);
  await put('acc_gone', first.url);
  await happen(ctx, 'acc_gone', 'esm_1');
  await tellAll(ctx, desk);
  assert.deepEqual([await remove('acc_gone'), await remove('acc_gone')], [true, false]);
  assert.deepEqual(
    (await deliveriesOf(ctx, 'acc_gone')).map(({ state }) => state),
    ['dropped'],
  );
  assert.equal(await find('acc_gone'), undefined);
});

test('one that said that it is gone is told again once it is set again', async () => {
  first.reply = answer(410);
  await put('acc_410', first.url);
  await happen(ctx, 'acc_410', 'esm_1');
  await tellAll(ctx, desk);
  assert.equal((await find('acc_410'))?.enabled, false);
  first.reply = answer(204);
  await put('acc_410', first.url);
  first.received.length = 0;
  await happen(ctx, 'acc_410', 'esm_2');
  await tellAll(ctx, desk);
  assert.equal(first.received.length, 1);
});

test('it is seen among the endpoints of its account alone, and changed only by who set it', async () => {
  const { id } = await put('acc_seen', first.url);
  const of = { accountId: 'acc_seen', id };
  assert.equal((await getEndpoint(ctx, of)).dialect, dialect);
  await assert.rejects(getEndpoint(ctx, { ...of, accountId: 'acc_other' }), { code: 'not_found' });
  const change = { ...of, url: second.url, types: null, description: null, enabled: true };
  for (const attempt of [
    (tx: Ctx) => updateEndpoint(tx, change),
    (tx: Ctx) => deleteEndpoint(tx, of),
    (tx: Ctx) => rotateSecret(tx, of),
  ])
    await assert.rejects(write<unknown>(ctx, {}, attempt), { code: 'conflict' });
  assert.equal((await find('acc_seen'))?.url, first.url);
});

test('it takes no place from the endpoints of our own', async () => {
  await put('acc_full', first.url);
  for (let count = 0; count < endpointsPerAccountMax; count++)
    await addEndpoint(ctx, 'acc_full', 'https://receiver.example/hook');
  await assert.rejects(addEndpoint(ctx, 'acc_full', 'https://receiver.example/hook'), { code: 'conflict' });
  await put('acc_full', second.url);
});

test('a malformed URL is refused', async () => {
  await assert.rejects(put('acc_bad', 'ftp://receiver.example'), { code: 'invalid_request' });
  assert.equal(await find('acc_bad'), undefined);
});
