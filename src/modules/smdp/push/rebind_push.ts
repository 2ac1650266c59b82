// A profile is meant for another EID: its event is deleted, and a new one registered for the new EID (SGP.22 §3.6).

import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { newMatchingId } from '../../../rsp/matching_id.ts';
import { registerPush } from './register_push.ts';
import { withdrawPush } from './withdraw_push.ts';

/**
 * For a profile with an event; another is left as it is. An event id is never used again: the new one becomes the
 * profile's matching id, and is given so that whoever shows the old one follows. Without an EID there is nothing to find,
 * and the matching id stays. Call it in a `write`, with the profile locked. Throws as `registerPush`.
 */
export async function rebindPush(
  tx: Ctx,
  { iccid, eid }: { iccid: string; eid: string | null },
): Promise<{ matchingId: string } | undefined> {
  const [profile] = await query<PushedProfile>(tx.db, selectPushed, [iccid]);
  if (!profile) return undefined;
  await withdrawPush(tx, [iccid]);
  if (eid === null) {
    await query(tx.db, 'update smdp.profiles set smds_address = null where iccid = $1', [iccid]);
    return undefined;
  }
  const matchingId = newMatchingId();
  await query(tx.db, 'update smdp.profiles set matching_id = $2 where iccid = $1', [iccid, matchingId]);
  const { smds_address: smdsAddress, smdp_address: rspServerAddress } = profile;
  await registerPush(tx, [{ iccid, eid, eventId: matchingId, smdsAddress, rspServerAddress }]);
  return { matchingId };
}

type PushedProfile = { smds_address: string; smdp_address: string };

const selectPushed = `
  select smds_address, smdp_address from smdp.profiles
  where iccid = $1 and smds_address is not null and state in ('released', 'downloaded')`;
