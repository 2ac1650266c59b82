import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../base/app_error.ts';
import { silentLog } from '../base/log.ts';
import { createVault } from '../base/vault.ts';
import { systemCtx } from './ctx.ts';
import { listen, notify } from './listen.ts';
import { query } from './query.ts';
import { testDatabase } from './test_database.ts';
import { write } from './write.ts';

const database = await testDatabase();
const ctx = systemCtx(database, {
  vault: createVault([{ id: 1, key: Buffer.alloc(32, 1) }]),
  log: silentLog,
});

async function until(done: () => boolean): Promise<void> {
  for (let i = 0; !done(); i++, await sleep(10)) assert.ok(i < 500, 'not within 5 seconds');
}

test('a listener is woken at its start, and hears what is sent when the sender commits, never what is rolled back', async () => {
  const heard: string[] = [];
  const stop = await listen(database, 'work', (payload) => heard.push(payload));
  await assert.rejects(
    write(ctx, {}, async (inner) => {
      await notify(inner, 'work', 'undone');
      throw new AppError('conflict');
    }),
  );
  await write(ctx, {}, async (inner) => {
    await notify(inner, 'work', 'done');
    await notify(inner, 'other', 'elsewhere');
    await sleep(30);
    assert.deepEqual(heard, ['']);
  });
  await until(() => heard.length === 2);
  assert.deepEqual(heard, ['', 'done']);
  await stop();
});

test('a lost connection comes back and wakes the listener, since something may have been missed', async () => {
  const heard: string[] = [];
  const stop = await listen(database, 'work', (payload) => heard.push(payload));
  await query(
    database.kysely,
    `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'overair listen' and datname = current_database()`,
  );
  await until(() => heard.length === 2);
  await notify(ctx, 'work', 'again');
  await until(() => heard.length === 3);
  assert.deepEqual(heard, ['', '', 'again']);
  await stop();
});

test('after stop nothing is heard and no connection is left', async () => {
  const heard: string[] = [];
  const stop = await listen(database, 'work', (payload) => heard.push(payload));
  await stop();
  await notify(ctx, 'work', 'late');
  await sleep(700);
  assert.deepEqual(heard, ['']);
  const left = await query(
    database.kysely,
    `select from pg_stat_activity where application_name = 'overair listen' and datname = current_database()`,
  );
  assert.equal(left.length, 0);
});

test('a channel is a plain name', async () => {
  await assert.rejects(
    listen(database, 'a"; drop', () => {}),
    /not a channel name/,
  );
});
