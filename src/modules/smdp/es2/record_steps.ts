// Tells each step that an ES2+ call moved a profile by, in the transaction in which it did.
import type { EventType } from '../../events/index.ts';
import type { ProfileState } from '../profiles/profile.ts';
import { recordMove } from '../profiles/record_move.ts';
import type { SmdpCtx } from '../smdp.ts';
import type { OrderedRow } from './orders_sql.ts';

type Step = Extract<ProfileState, 'confirmed' | 'released' | 'available' | 'unavailable'>;

const eventOf: Record<Step, EventType> = {
  confirmed: 'profile.confirmed',
  released: 'profile.released',
  available: 'profile.cancelled',
  unavailable: 'profile.cancelled',
};

/** The profile went from where `before` has it through these states. */
export function recordSteps(
  tx: SmdpCtx,
  before: Pick<OrderedRow, 'iccid' | 'account_id' | 'state' | 'eid'>,
  steps: readonly Step[],
  after: { eid: string | null },
): void {
  let from = before.state;
  for (const to of steps) {
    const eid = after.eid === before.eid ? (after.eid ?? undefined) : after.eid;
    const move = { iccid: before.iccid, from, to, at: tx.now, ...(eid !== undefined && { eid }) };
    recordMove(tx, { account_id: before.account_id }, move, eventOf[to]);
    from = to;
  }
}
