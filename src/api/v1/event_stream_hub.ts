// All event streams of this process: counted, fed by one loop while there are any, ended with their keys and with the process.
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../base/app_error.ts';
import { newId } from '../../base/ids.ts';
import { endOfFeed, listEvents } from '../../modules/events/index.ts';
import { type Core, type Ctx, ctxFor } from '../http/core.ts';
import {
  createEventStream,
  type EventStream,
  endStream,
  keepAlive,
  type NewEventStream,
} from './event_stream.ts';
import { feedAccount } from './event_stream_feed.ts';

export type EventStreamHub = {
  /**
   * Opens a stream behind the cursor `after`; without it, behind what has happened by now. Throws `invalid_request` for
   * what is no cursor, `rate_limited` and `unavailable` when the account or the process has as many as it may.
   */
  open(stream: NewEventStream, after: string | undefined): Promise<EventStream>;
  /** Ends all streams; their readers come back to another node. */
  close(): Promise<void>;
};

export type EventStreamPace = {
  pollMs: number;
  heartbeatMs: number;
  stuckMs: number;
  /** How often it is looked whether the keys may still read. */
  keyCheckMs: number;
};

const usualPace: EventStreamPace = {
  pollMs: 250,
  heartbeatMs: 15_000,
  stuckMs: 30_000,
  keyCheckMs: 2_000,
};

export const streamsPerAccountMax = 20;
const streamsMax = 500;
const waitAfterFailureMs = 1_000;
const closingMsMax = 1_000;

export function createEventStreamHub(core: Core, pace: EventStreamPace = usualPace): EventStreamHub {
  const streams = new Set<EventStream>();
  const heads = new Map<string, string>();
  const stopped = new AbortController();
  let running: Promise<void> | undefined;
  let keysCheckedAtMs = 0;

  const turn = async () => {
    for (const stream of streams) keepAlive(stream, pace);
    if (performance.now() - keysCheckedAtMs >= pace.keyCheckMs) {
      keysCheckedAtMs = performance.now();
      await Promise.all([...streams].map(endUnlessAllowed));
    }
    return feedAll(newCtx(core), streams, heads);
  };
  const run = async () => {
    while (streams.size > 0 && !stopped.signal.aborted) {
      const more = await turn().catch((error: unknown) => {
        core.log.warn({ err: error }, 'event streams could not be fed');
        return undefined;
      });
      const waitMs = more === undefined ? waitAfterFailureMs : more ? 0 : pace.pollMs;
      await sleep(waitMs, undefined, { signal: stopped.signal }).catch(() => {});
    }
    heads.clear();
    running = undefined;
  };

  return {
    async open(wanted, after) {
      checkCount(streams, wanted.accountId);
      const from = await readPlace(newCtx(core), wanted.accountId, after);
      // Others may have been opened meanwhile, and this one may have been given up.
      checkCount(streams, wanted.accountId);
      const stream = createEventStream(wanted, from);
      if (stopped.signal.aborted || wanted.response.destroyed) {
        endStream(stream);
        return stream;
      }
      streams.add(stream);
      wanted.response.once('close', () => streams.delete(stream));
      running ??= run();
      return stream;
    },
    async close() {
      stopped.abort();
      for (const stream of streams) endStream(stream);
      await running;
      for (let waitedMs = 0; streams.size > 0 && waitedMs < closingMsMax; waitedMs += 10) await sleep(10);
      for (const { response } of streams) response.destroy();
    },
  };
}

function newCtx(core: Core): Ctx {
  return ctxFor(core, { id: newId('request') });
}

function checkCount(streams: ReadonlySet<EventStream>, accountId: string): void {
  const more = { retryAfterSeconds: 5 };
  if (streams.size >= streamsMax)
    throw new AppError('unavailable', 'This server has as many event streams open as it serves.', more);
  const own = streams.values().filter((stream) => stream.accountId === accountId);
  if ([...own].length >= streamsPerAccountMax)
    throw new AppError(
      'rate_limited',
      `The account has ${streamsPerAccountMax} event streams open: close one first.`,
      more,
    );
}

/** The cursor to begin behind. Throws `invalid_request` for what is none. */
async function readPlace(ctx: Ctx, accountId: string, after: string | undefined): Promise<string> {
  if (after === undefined) return await endOfFeed(ctx);
  // It throws for what is no cursor.
  await listEvents(ctx, { accountId, after, limit: 1 });
  return after;
}

/** Gives true when more waits for streams that could take it. */
async function feedAll(
  ctx: Ctx,
  streams: ReadonlySet<EventStream>,
  heads: Map<string, string>,
): Promise<boolean> {
  const byAccount = Map.groupBy(streams, ({ accountId }) => accountId);
  for (const accountId of heads.keys()) if (!byAccount.has(accountId)) heads.delete(accountId);
  let more = false;
  for (const [accountId, own] of byAccount) more = (await feedAccount(ctx, accountId, own, heads)) || more;
  return more;
}

/** A check that fails for another reason than the key ends nothing. */
async function endUnlessAllowed(stream: EventStream): Promise<void> {
  try {
    await stream.checkAllowed();
  } catch (error) {
    if (error instanceof AppError && keyFaults.has(error.code)) endStream(stream);
  }
}

const keyFaults = new Set<AppError['code']>(['unauthenticated', 'forbidden', 'not_found']);
