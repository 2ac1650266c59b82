// A write of the SM-DP+: the one door for writes, with the running SM-DP+ at hand inside.
import { write } from '../../pg/write.ts';
import type { SmdpCtx } from './smdp.ts';

/** Runs `run` in one durable transaction; see `write`. */
export function writeSmdp<T>(ctx: SmdpCtx, run: (tx: SmdpCtx) => Promise<T>): Promise<T> {
  return write(ctx, {}, (tx) => run({ ...tx, smdp: ctx.smdp }));
}
