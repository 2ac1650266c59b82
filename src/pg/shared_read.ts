// Single rows that are asked for while others are being read come with the next statement: many who ask cost little more than one.
import { AppError } from '../base/app_error.ts';
import { createBatcher } from '../base/batcher.ts';
import type { Ctx, Db } from './ctx.ts';

/**
 * Makes of `read`, which finds what belongs to each key and gives it in the places of the keys, a function for one key.
 * In a transaction nothing is shared. What a statement fails of is tried alone, so that a key that the database refuses
 * fails itself only; then it throws what `read` throws, and `unavailable` when too many wait.
 */
export function sharedRead<Key, Found>(
  read: (ctx: Ctx, keys: readonly Key[]) => Promise<readonly Found[]>,
): (ctx: Ctx, key: Key) => Promise<Found> {
  const desks = new WeakMap<Db, (key: Key) => Promise<Found>>();
  const openDesk = (ctx: Ctx) => {
    const desk = createBatcher<Key, Found>(options, (keys) => readAll(read, ctx, keys));
    desks.set(ctx.db, desk);
    return desk;
  };
  return async (ctx, key) => {
    if (ctx.db.isTransaction) return (await read(ctx, [key]))[0] as Found;
    return await (desks.get(ctx.db) ?? openDesk(ctx))(key);
  };
}

const options = {
  batchMax: 200,
  inFlightMax: 1,
  waitingMax: 10_000,
  overload: () =>
    new AppError('unavailable', 'Too many requests are waiting: try again.', { retryAfterSeconds: 1 }),
};

async function readAll<Key, Found>(
  read: (ctx: Ctx, keys: readonly Key[]) => Promise<readonly Found[]>,
  ctx: Ctx,
  keys: readonly Key[],
): Promise<readonly (Found | Error)[]> {
  try {
    return await read(ctx, keys);
  } catch (error) {
    if (keys.length === 1) throw error;
    const alone = await Promise.allSettled(keys.map((key) => read(ctx, [key])));
    return alone.map((each) => (each.status === 'fulfilled' ? (each.value[0] as Found) : each.reason));
  }
}
