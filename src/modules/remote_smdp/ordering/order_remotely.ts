// The loop that orders profiles from remote servers, and takes them back: side by side on every node, a slow server never in the way of another.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../../base/log.ts';
import { runClaimLoop } from '../../../pg/claim.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { type ClaimedCall, claimCalls } from './claim_calls.ts';
import { expireWaiting } from './expire_waiting.ts';
import { makeCall } from './make_call.ts';
import { noteOutcome } from './note_outcome.ts';
import type { RemoteClients } from './remote_clients.ts';
import { onRemoteWork } from './remote_work.ts';

/** Makes the calls that are due, and waits for them; gives how many. For whoever has no loop. */
export async function orderRemotely(ctx: Ctx, clients: RemoteClients): Promise<number> {
  const expired = await expireWaiting(ctx);
  const claimed = await claimCalls(ctx, () => callsPerServerMax);
  await Promise.all(claimed.map((each) => callAndNote(ctx, clients, each)));
  return expired + claimed.length;
}

export type RemoteOrders = {
  /** Claims nothing more, and waits a little for the calls under way; those that take longer are made again. */
  stop(): Promise<void>;
};

export type RemoteOrdersOptions = {
  clients: RemoteClients;
  /** Durable, at the wall clock. */
  ctx: () => Ctx;
  /** Told after each call: an order may be settled. */
  settled: () => void;
  log: Log;
};

export function startRemoteOrders({ clients, ctx, settled, log }: RemoteOrdersOptions): RemoteOrders {
  const underWay = new Map<string, Set<Promise<void>>>();
  const start = (call: ClaimedCall) => {
    const calls = underWay.get(call.server.id) ?? new Set();
    underWay.set(call.server.id, calls);
    const running = callAndNote(ctx(), clients, call)
      .catch((error: unknown) =>
        log.error({ err: error, remoteProfile: call.profile.id }, 'a remote call failed'),
      )
      .finally(() => {
        calls.delete(running);
        settled();
        loop.wake();
      });
    calls.add(running);
  };
  const loop = runClaimLoop({
    name: 'remote_smdp.order',
    async claimAndWork() {
      const expired = await expireWaiting(ctx());
      if (expired > 0) settled();
      const room = (serverId: string) => callsPerServerMax - (underWay.get(serverId)?.size ?? 0);
      const claimed = await claimCalls(ctx(), room);
      for (const call of claimed) start(call);
      return expired + claimed.length;
    },
    idleMs,
    log,
  });
  onRemoteWork(ctx(), () => loop.wake());
  return {
    async stop() {
      await loop.stop();
      const running = Promise.all([...underWay.values()].flatMap((calls) => [...calls]));
      await Promise.race([running, sleep(settleMsMax, undefined, { ref: false })]);
      clients.close();
      // What was cut off is written down as failed before the database goes.
      await running;
    },
  };
}

async function callAndNote(ctx: Ctx, clients: RemoteClients, call: ClaimedCall): Promise<void> {
  await noteOutcome(ctx, call, await makeCall(ctx, clients, call));
}

const callsPerServerMax = 16;
// How late a retry may be, and the calls of a node that died.
const idleMs = 500;
const settleMsMax = 3_000;
