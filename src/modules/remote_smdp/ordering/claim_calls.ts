// Calls that are due are claimed for a time: no other node makes them meanwhile, and those of a node that died are made again.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import {
  type RemoteSmdp,
  type RemoteSmdpRow,
  readRemoteSmdp,
  remoteSmdpColumns,
} from '../servers/remote_smdp.ts';
import { failuresMax, takeTrial } from './breaker.ts';
import {
  type RemoteProfile,
  type RemoteProfileRow,
  readRemoteProfile,
  remoteProfileColumns,
} from './remote_profile.ts';

export type ClaimedCall = { server: RemoteSmdp & { privateKey: Buffer }; profile: RemoteProfile };

/**
 * Claims calls that are due, those that waited longest first for each server, as many as `room` says it may have more at
 * once; of a server whose breaker was open, one.
 */
export async function claimCalls(ctx: Ctx, room: (serverId: string) => number): Promise<ClaimedCall[]> {
  const servers = await query<ServerRow>(ctx.db, selectCallable, []);
  const claimed: ClaimedCall[] = [];
  for (const row of servers) {
    const server = { ...readRemoteSmdp(row), privateKey: row.private_key };
    const places = room(server.id);
    if (places <= 0) continue;
    const isTrial = server.failures >= failuresMax;
    if (isTrial && !(await takeTrial(ctx, server.id))) continue;
    const rows = await query<RemoteProfileRow>(ctx.db, claimDue, [
      server.id,
      isTrial ? 1 : places,
      leaseSeconds,
    ]);
    claimed.push(...rows.map((each) => ({ server, profile: readRemoteProfile(each) })));
  }
  return claimed;
}

type ServerRow = RemoteSmdpRow & { private_key: Buffer };

// Twice the time that a call may take, since one that a kept connection lost is sent again.
const leaseSeconds = 30;

const selectCallable = `
  select ${remoteSmdpColumns}, private_key
  from remote_smdp.servers s
  cross join lateral (
    select 1 from remote_smdp.profiles p
    where p.server_id = s.id and p.due_at <= clock_timestamp()
      and (p.claimed_until is null or p.claimed_until <= clock_timestamp())
    limit 1
  ) as due
  where s.open_until is null or s.open_until <= clock_timestamp()
  order by s.id`;

const claimDue = `
  with due as materialized (
    select id from remote_smdp.profiles
    where server_id = $1 and due_at <= clock_timestamp()
      and (claimed_until is null or claimed_until <= clock_timestamp())
    order by due_at limit $2 for update skip locked
  )
  update remote_smdp.profiles
  set claimed_until = clock_timestamp() + $3 * interval '1 second', called_at = coalesce(called_at, clock_timestamp())
  where id = any(array(select id from due))
  returning ${remoteProfileColumns}`;
