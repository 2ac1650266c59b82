// The RSP sessions of a profile or of an eUICC, each with its steps and how it ended.
import type { Ctx } from '../../../pg/ctx.ts';
import { type ListPage, type ListTexts, queryList } from '../../../pg/list.ts';
import type { SessionStep } from '../es9/session_step.ts';
import type { SessionOutcome, SessionRow } from '../es9/sessions_sql.ts';

export type RspSession = {
  transactionId: Buffer;
  state: SessionRow['session_state'];
  /** How it ended; null while it is open. */
  outcome: SessionOutcome | null;
  eid: string | null;
  iccid: string | null;
  /** The address that the LPA dialled; null when that was not noted. */
  serverAddress: string | null;
  /** The key ids of the CI by which the eUICC proves itself, and of the one by which it verifies us. */
  euiccCiKeyId: Buffer;
  serverCiKeyId: Buffer;
  steps: readonly OperatedStep[];
  openedAt: Date;
  expiresAt: Date;
  endedAt: Date | null;
  cursor: string;
};

/** One call of the session, or what its operator did to it. */
export type OperatedStep = Omit<SessionStep, 'function'> & { function: SessionStep['function'] | 'operator' };

/** Of a profile of the account. Sessions are kept for 30 days after their end. */
export function listSessionsOfProfile(
  ctx: Ctx,
  { accountId, iccid, ...page }: ListPage & { accountId: string; iccid: string },
): Promise<RspSession[]> {
  return list(ctx, ofProfile, [accountId, iccid], page);
}

/** Of an eUICC: those about profiles of the account, and those that found no profile if one of the account waits for it. */
export function listSessionsOfEid(
  ctx: Ctx,
  { accountId, eid, ...page }: ListPage & { accountId: string; eid: string },
): Promise<RspSession[]> {
  return list(ctx, ofEid, [accountId, eid], page);
}

async function list(ctx: Ctx, texts: ListTexts, of: string[], page: ListPage): Promise<RspSession[]> {
  return await queryList<RspSession>(ctx.db, texts, of, { before: 'infinity_', ...page });
}

const columns = `
  s.transaction_id as "transactionId", s.state, s.outcome, s.eid, s.iccid, s.server_address as "serverAddress",
  s.ci_key_id as "euiccCiKeyId", s.server_ci_key_id as "serverCiKeyId", s.steps, s.opened_at as "openedAt",
  s.expires_at as "expiresAt", s.ended_at as "endedAt",
  to_char(s.opened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '_'
    || encode(s.transaction_id, 'hex') as cursor`;

const ofProfile = textsOf(`s.iccid = $2
  and exists (select 1 from smdp.profiles p where p.iccid = s.iccid and p.account_id = $1)`);

const ofEid = textsOf(`s.eid = $2 and exists (
  select 1 from smdp.profiles p
  where p.account_id = $1 and (p.iccid = s.iccid or (s.iccid is null and p.eid = s.eid)))`);

function textsOf(which: string): ListTexts {
  const place = "(split_part($3, '_', 1)::timestamptz, decode(split_part($3, '_', 2), 'hex'))";
  const page = (than: '<' | '>', order: string) => `
    select ${columns} from smdp.sessions s where ${which} and (s.opened_at, s.transaction_id) ${than} ${place}
    order by s.opened_at ${order}, s.transaction_id ${order} limit $4`;
  return { older: page('<', 'desc'), newer: page('>', '') };
}
