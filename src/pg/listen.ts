// Hears NOTIFY on one connection of its own, which comes back by itself. A message may be missed: callers also poll.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { assert } from '../base/assert.ts';
import { type Log, silentLog } from '../base/log.ts';
import type { Ctx } from './ctx.ts';
import type { Database } from './database.ts';
import { query } from './query.ts';

const reconnectWaitMs = 500;
const reconnectWaitMsMax = 10_000;
const payloadCharsMax = 7000;

/**
 * Calls `onNotify` for each message on `channel` (lower-case letters, digits and `_`), and once with `''` after each
 * connect, since messages may have passed before. Gives `stop`. The first connection is made before this resolves.
 */
export async function listen(
  database: Pick<Database, 'connectionString'>,
  channel: string,
  onNotify: (payload: string) => void,
  log: Log = silentLog,
): Promise<() => Promise<void>> {
  assert(/^[a-z][a-z0-9_]{0,60}$/.test(channel), `not a channel name: ${channel}`);
  const stopped = new AbortController();
  let client: pg.Client | undefined;
  const connect = async () => {
    client = await connectListener(database.connectionString, channel, onNotify, () => void reconnect());
    if (stopped.signal.aborted) await client.end();
    else onNotify('');
  };
  const reconnect = async () => {
    for (
      let waitMs = reconnectWaitMs;
      !stopped.signal.aborted;
      waitMs = Math.min(waitMs * 2, reconnectWaitMsMax)
    ) {
      try {
        await sleep(waitMs, undefined, { signal: stopped.signal });
        return await connect();
      } catch (error) {
        if (!stopped.signal.aborted)
          log.warn({ channel, error: String(error) }, 'cannot listen to the database');
      }
    }
  };
  await connect();
  return async () => {
    stopped.abort();
    await client?.end().catch(() => {});
  };
}

/** Sends `payload` to the listeners of `channel` when the transaction of `ctx` commits; equal ones count once. */
export async function notify(ctx: Ctx, channel: string, payload = ''): Promise<void> {
  assert(payload.length <= payloadCharsMax, 'a notification is a hint, not a message');
  await query(ctx.db, 'select pg_notify($1, $2)', [channel, payload]);
}

async function connectListener(
  connectionString: string,
  channel: string,
  onNotify: (payload: string) => void,
  onLost: () => void,
): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, application_name: 'overair listen', keepAlive: true });
  client.on('error', () => {});
  await client.connect();
  client.on('notification', ({ payload }) => onNotify(payload ?? ''));
  client.on('end', onLost);
  await client.query(`listen "${channel}"`);
  return client;
}
