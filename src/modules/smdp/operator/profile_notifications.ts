// What eUICCs reported of a profile, each report once.
import type { Ctx } from '../../../pg/ctx.ts';
import { type ListPage, type ListTexts, queryList } from '../../../pg/list.ts';

export type ProfileNotification = {
  operation: 'install' | 'enable' | 'disable' | 'delete';
  eid: string;
  /** Of the eUICC: it numbers its notifications. */
  seqNumber: bigint;
  /** Of an installation. */
  result: { outcome: string; reason?: string } | null;
  receivedAt: Date;
  cursor: string;
};

/** Newest first. */
export async function listProfileNotifications(
  ctx: Ctx,
  { accountId, iccid, ...page }: ListPage & { accountId: string; iccid: string },
): Promise<ProfileNotification[]> {
  return await queryList<ProfileNotification>(ctx.db, texts, [accountId, iccid], {
    before: 'infinity_',
    ...page,
  });
}

// One eUICC may report two things under one number; then their hashes decide.
const place = `(split_part($3, '_', 1)::timestamptz, split_part($3, '_', 2))`;
const key = `n.eid || '.' || lpad(n.seq_number::text, 20, '0') || '.' || encode(n.content_hash, 'hex')`;

const page = (than: '<' | '>', order: string) => `
  select n.operation, n.eid, n.seq_number as "seqNumber", n.result, n.received_at as "receivedAt",
    to_char(n.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '_' || ${key} as cursor
  from smdp.notifications n
  where n.iccid = $2 and exists (select 1 from smdp.profiles p where p.iccid = $2 and p.account_id = $1)
    and (n.received_at, ${key}) ${than} ${place}
  order by n.received_at ${order}, ${key} ${order} limit $4`;

const texts: ListTexts = { older: page('<', 'desc'), newer: page('>', '') };
