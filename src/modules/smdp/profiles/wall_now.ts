// The wall clock, from the time of an account's clock: moves of profiles, sessions and certificates go by it.
import type { Ctx } from '../../../pg/ctx.ts';
import { clockOffsetMs } from '../../accounts/index.ts';

/** `ctx.now` is the time of this account; with null it is the wall clock already. */
export async function wallNow(ctx: Ctx, accountId: string | null): Promise<Date> {
  if (accountId === null) return ctx.now;
  return new Date(ctx.now.getTime() - (await clockOffsetMs(ctx, accountId)));
}
