// One order of an account at a time: those that would wait for the same rows do not each keep a connection meanwhile.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';

/** Runs `run` when those of the same account that came before it have ended. Throws `unavailable` when too many wait. */
export async function inTurn<T>({ vault }: Ctx, accountId: string, run: () => Promise<T>): Promise<T> {
  const queues = queuesBy.get(vault) ?? new Map<string, Queue>();
  queuesBy.set(vault, queues);
  const queue = queues.get(accountId) ?? { last: Promise.resolve(), length: 0 };
  if (queue.length >= waitingMax)
    throw new AppError('unavailable', 'Too many orders are waiting: try again.', { retryAfterSeconds: 1 });
  queues.set(accountId, queue);
  queue.length++;
  const turn = queue.last.then(run);
  queue.last = turn.catch(() => {});
  try {
    return await turn;
  } finally {
    queue.length--;
    if (queue.length === 0) queues.delete(accountId);
  }
}

type Queue = { last: Promise<unknown>; length: number };

const waitingMax = 1_000;

// Keyed by the vault: one set of queues per running process.
const queuesBy = new WeakMap<Ctx['vault'], Map<string, Queue>>();
