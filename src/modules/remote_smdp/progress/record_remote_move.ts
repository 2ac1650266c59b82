// A move of a profile that another SM-DP+ made is told as one of ours would be: as an event, and to what follows it.
import type { Ctx } from '../../../pg/ctx.ts';
import { accountTimeSql } from '../../accounts/index.ts';
import { actorName, type EventType, insertEventsSql } from '../../events/index.ts';
import type { ProfileMove, ProfileMoved } from '../../smdp/index.ts';

/** Both are sent together with the commit. Call it in a `write`. */
export function recordRemoteMove(
  tx: Ctx & { profileMoved: ProfileMoved },
  accountId: string,
  move: ProfileMove,
  type: EventType,
): void {
  const data = { ...(move.eid && { eid: move.eid }), ...(move.detail && { detail: move.detail }) };
  const values = [
    accountId,
    type,
    move.iccid,
    JSON.stringify(data),
    tx.requestId,
    actorName(tx.actor),
    tx.now,
  ];
  tx.alongCommit({ text: insertMove, values });
  const followed = tx.profileMoved(tx, move);
  if (followed) tx.alongCommit(followed);
}

// Servers are called by the wall clock; what the account is told goes by its own.
const insertMove = insertEventsSql(
  `select $1, $2, $3, $4::jsonb, $5, $6, ${accountTimeSql('$1', '$7::timestamptz')}`,
);
