// Data through a session: the home network is asked what the line may do before each part, and is told what was used after it.
import { randomUUID } from 'node:crypto';
import { askGrant } from './attach.ts';
import { carriedOf, cutFlow, type DataFlow, type FlowPiece, groupPieces } from './cut_flow.ts';
import type { PlatformClient } from './platform_client.ts';
import { attachmentOf, refusedByNetwork, type Session } from './session.ts';
import { tellUsage } from './tell_usage.ts';

/** What was carried; `stopped` is the cause when the network let only a part of it through. */
export type UsedData = {
  bytesUp: number;
  bytesDown: number;
  records: number;
  /** The speed that the last part went with; null for full speed. */
  speedKbps: number | null;
  stopped: string | null;
};

/**
 * Uses data until `now`: a flow with `seconds` began that long ago, but never before what was told last. Throws
 * `DeviceError`: `refused_by_network` when nothing was let through, `invalid_input`, and what the client throws.
 */
export async function useData(
  client: PlatformClient,
  session: Session,
  flow: DataFlow,
  now: Date,
): Promise<UsedData> {
  const groups = groupPieces(cutFlow(flow, beginOf(session, flow, now), now));
  const flowId = randomUUID();
  const used: UsedData = { bytesUp: 0, bytesDown: 0, records: 0, speedKbps: null, stopped: null };
  for (const group of groups) {
    used.stopped = await refresh(client, session, group[0]?.from ?? now);
    if (used.stopped !== null) break;
    used.speedKbps = attachmentOf(session).speedKbps;
    const records = recordsOf(group, used.speedKbps, `${flowId}-${used.records}`);
    await tellUsage(client, session, ...records);
    used.records += records.length;
    for (const { bytesUp, bytesDown } of records) {
      used.bytesUp += bytesUp;
      used.bytesDown += bytesDown;
    }
  }
  if (used.stopped !== null && used.records === 0) throw refusedByNetwork(used.stopped);
  return used;
}

function recordsOf(group: readonly FlowPiece[], speedKbps: number | null, idStart: string) {
  return group
    .map((piece) => ({ at: piece.at, ...carriedOf(piece, speedKbps) }))
    .filter(({ bytesUp, bytesDown }) => bytesUp + bytesDown > 0)
    .map((carried, index) => ({ id: `${idStart}-${index}`, kind: 'data' as const, ...carried }));
}

function beginOf(session: Session, { seconds = 0 }: DataFlow, now: Date): Date {
  const toldUntil = new Date(attachmentOf(session).toldUntil).getTime();
  return new Date(Math.min(now.getTime(), Math.max(toldUntil, now.getTime() - seconds * 1000)));
}

/** Asks anew what the line may do; gives the cause when it may not use data. */
async function refresh(client: PlatformClient, session: Session, at: Date): Promise<string | null> {
  const grant = await askGrant(client, attachmentOf(session), at);
  session.attachment = grant.cause === null ? grant.attachment : undefined;
  if (grant.cause !== null) return grant.cause;
  return grant.attachment.dataAllowed ? null : 'data_not_allowed';
}
