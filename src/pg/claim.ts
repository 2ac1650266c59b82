// The loop around "claim due rows in a batch and work on them": never two rounds at once, never asleep over work.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../base/log.ts';

export type ClaimLoop = {
  /** Says that there may be work now. */
  wake(): void;
  /** Claims nothing more and waits for the round under way. */
  stop(): Promise<void>;
};

export type ClaimLoopOptions = {
  /**
   * Claims a batch (`for update skip locked`), works on it, and gives how many rows it took; 0 when nothing is due.
   * It must not hold a transaction open while it waits for anyone outside.
   */
  claimAndWork: () => Promise<number>;
  /** What is claimed, for the log. */
  name: string;
  /** After a round that took fewer than `full` it rests `ms`: what comes meanwhile goes together into the next round. */
  gather?: { full: number; ms: number };
  /** Longest sleep when nobody wakes: what a missed notification or a row that becomes due costs. */
  idleMs: number;
  log: Log;
};

const errorWaitMs = 200;
const errorWaitMsMax = 30_000;

/** Runs `claimAndWork` until it gives 0, sleeps until woken or `idleMs` have passed, and again. Backs off on errors. */
export function runClaimLoop(options: ClaimLoopOptions): ClaimLoop {
  const state: LoopState = { stopped: false, woken: true, failures: 0, awake: () => {} };
  // Not before the caller has the loop in its hands.
  const running = Promise.resolve().then(() => loop(options, state));
  return {
    wake() {
      state.woken = true;
      if (state.failures === 0) state.awake();
    },
    async stop() {
      state.stopped = true;
      state.awake();
      await running;
    },
  };
}

type LoopState = { stopped: boolean; woken: boolean; failures: number; awake: () => void };

async function loop(options: ClaimLoopOptions, state: LoopState): Promise<void> {
  while (!state.stopped) {
    state.woken = false;
    const taken = await runRound(options, state);
    if (state.stopped) return;
    if (taken > 0) await rest(options, taken);
    else if (state.failures > 0)
      await pause(state, Math.min(errorWaitMs * 2 ** (state.failures - 1), errorWaitMsMax));
    else if (!state.woken) await pause(state, options.idleMs);
  }
}

async function rest({ gather }: ClaimLoopOptions, taken: number): Promise<void> {
  if (gather && taken < gather.full) await sleep(gather.ms);
}

async function runRound({ claimAndWork, name, log }: ClaimLoopOptions, state: LoopState): Promise<number> {
  try {
    const taken = await claimAndWork();
    state.failures = 0;
    return taken;
  } catch (error) {
    state.failures++;
    log.error({ error, name, failures: state.failures }, 'a round of work failed');
    return 0;
  }
}

/** Sleeps until `state.awake` is called or the time has passed. */
async function pause(state: LoopState, ms: number): Promise<void> {
  const cut = new AbortController();
  state.awake = () => cut.abort();
  await sleep(ms, undefined, { signal: cut.signal }).catch(() => {});
  state.awake = () => {};
}
