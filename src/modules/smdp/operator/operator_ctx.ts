// What the operator's functions need besides a context: whom to tell of a move, and the limits that counters run up to.
import type { Ctx } from '../../../pg/ctx.ts';
import type { Smdp } from '../smdp.ts';

export type OperatorSmdp = Pick<Smdp, 'profileMoved' | 'settings'>;

export type OperatorCtx = Ctx & { smdp: OperatorSmdp };
