// Profiles are found by ICCID, and listed newest first by whatever a person knows of them.
import { AppError } from '../../../base/app_error.ts';
import { type ListPage, type ListTexts, queryList } from '../../../pg/list.ts';
import { query } from '../../../pg/query.ts';
import type { ProfileState } from '../profiles/profile.ts';
import { type OperatedProfile, type OperatedRow, operatedColumns, readOperated } from './operated_profile.ts';
import type { OperatorCtx } from './operator_ctx.ts';

/** The account's profile. Throws `not_found`. */
export async function getProfile(
  ctx: OperatorCtx,
  of: { accountId: string; iccid: string },
): Promise<OperatedProfile> {
  const [row] = await query<OperatedRow>(ctx.db, selectOne, [of.accountId, of.iccid]);
  if (!row) throw new AppError('not_found', 'There is no profile with this ICCID.');
  return readOperated(ctx.smdp.settings, row);
}

/** The account's profiles that fit all of the filter, newest first. `before` and `after` are cursors of profiles. */
export async function listProfiles(ctx: OperatorCtx, filter: ProfileFilter): Promise<OperatedProfile[]> {
  const { accountId, state, eid, iccids, matchingId, profileTypeId, requesterId } = filter;
  const values = [accountId, state, eid, iccids, matchingId, profileTypeId, requesterId];
  const rows = await queryList<OperatedRow>(
    ctx.db,
    listed[leadOf(filter)],
    values.map((each) => each ?? null),
    { before: 'infinity_', ...filter },
  );
  return rows.map((row) => readOperated(ctx.smdp.settings, row));
}

export type ProfileFilter = ListPage & {
  accountId: string;
  state?: ProfileState;
  eid?: string;
  iccids?: readonly string[];
  matchingId?: string;
  profileTypeId?: string;
  requesterId?: string;
};

/** How the table is read: the most telling condition of a filter leads, whatever the table held when that was planned. */
type Lead = 'iccids' | 'matchingId' | 'eid' | 'error' | 'account';

function leadOf(filter: ProfileFilter): Lead {
  const given = (['iccids', 'matchingId', 'eid'] as const).find((each) => filter[each]);
  return given ?? (filter.state === 'error' ? 'error' : 'account');
}

const selectOne = `
  select ${operatedColumns} from smdp.profiles p where p.account_id = $1 and p.iccid = $2`;

const listed: Record<Lead, ListTexts> = {
  iccids: textsOf(few('iccid = any($4::text[])')),
  matchingId: textsOf(few('matching_id = $5')),
  eid: textsOf(few('eid = $3')),
  error: textsOf('smdp.profiles p', "and p.state = 'error'"),
  account: textsOf('smdp.profiles p'),
};

/** `offset 0`: found by this condition alone, and only then looked at for the others. */
function few(condition: string): string {
  return `(select * from smdp.profiles where ${condition} offset 0) p`;
}

function textsOf(from: string, lead = ''): ListTexts {
  const page = (than: '<' | '>', order: string) => `
    select ${operatedColumns} from ${from}
    where p.account_id = $1 ${lead} and ($2::text is null or p.state = $2) and ($3::text is null or p.eid = $3)
      and ($4::text[] is null or p.iccid = any($4)) and ($5::text is null or p.matching_id = $5)
      and ($6::text is null or p.profile_type_id = $6) and ($7::text is null or p.requester_id = $7)
      and (p.created_at, p.iccid) ${than} (split_part($8, '_', 1)::timestamptz, split_part($8, '_', 2))
    order by p.created_at ${order}, p.iccid ${order} limit $9`;
  return { older: page('<', 'desc'), newer: page('>', '') };
}
