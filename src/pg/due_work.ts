// What happens by itself when its time has come: rows that name a moment, and the work on them once it is reached.
import type { Ctx } from './ctx.ts';

export type DueWork = {
  /** For the log. */
  name: string;
  /**
   * When the next thing of this account falls due, in the time of the account's clock; `ctx.now` or earlier while
   * something is due or under way; null when nothing waits.
   */
  nextDueAt: (ctx: Ctx, accountId: string) => Promise<Date | null>;
  /**
   * Does a batch of what is due at `ctx.now`, of this account, or of all accounts when it is null. Gives how many rows
   * it moved; 0 when nothing was due. Several nodes may run it at once (`for update skip locked`).
   */
  runDue: (ctx: Ctx, accountId: string | null) => Promise<number>;
};
