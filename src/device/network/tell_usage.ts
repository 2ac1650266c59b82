// Usage records for the home network; they may be told again, since their ids are the same then.
import type { PlatformClient } from './platform_client.ts';
import { attachmentOf, refusedByNetwork, type Session } from './session.ts';

/** `at` is the end of what it tells about. */
export type UsageRecord = { id: string; at: Date } & (
  | { kind: 'data'; bytesUp: number; bytesDown: number }
  | { kind: 'sms'; count: number }
  | { kind: 'voice'; seconds: number }
);

/** Throws `DeviceError` with the code when the home network does not count one of them; then none is counted. */
export async function tellUsage(
  client: PlatformClient,
  session: Session,
  ...records: UsageRecord[]
): Promise<void> {
  const last = records.at(-1);
  if (!last) return;
  const attachment = attachmentOf(session);
  const { imsi: sim, mcc, mnc } = attachment;
  const answer = await client.call('POST', '/usage', {
    records: records.map((record) => ({ ...record, sim, mcc, mnc })),
  });
  const refused = Array.isArray(answer['refused']) ? answer['refused'][0] : undefined;
  if (refused) throw refusedByNetwork(String(refused.code));
  session.attachment = { ...attachment, toldUntil: last.at.toISOString() };
}
