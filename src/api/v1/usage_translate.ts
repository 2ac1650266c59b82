// Usage between the wire and the core.
import type {
  CountedRecord,
  Freshness,
  NewUsageRecord,
  UsageGroup,
  UsageSum,
} from '../../modules/usage/index.ts';
import type { NewUsageRecordJson, UsageRecordJson, UsageSumJson } from './usage_schemas.ts';

export function readUsageRecord(record: NewUsageRecordJson): NewUsageRecord {
  const isData = record.kind === 'data';
  return {
    id: record.id,
    sim: record.sim,
    kind: record.kind,
    at: new Date(record.at),
    bytesUp: isData ? BigInt(record.bytesUp) : 0n,
    bytesDown: isData ? BigInt(record.bytesDown) : 0n,
    units: BigInt(unitsOf(record)),
    mcc: record.mcc ?? null,
    mnc: record.mnc ?? null,
    country: record.country ?? null,
  };
}

function unitsOf(record: NewUsageRecordJson): number {
  if (record.kind === 'data') return 0;
  return record.kind === 'sms' ? record.count : record.seconds;
}

export function writeFreshness({ asOf, lastRecordAt, lastReceivedAt }: Freshness) {
  return {
    asOf: asOf.toISOString(),
    lastRecordAt: writeTime(lastRecordAt),
    lastReceivedAt: writeTime(lastReceivedAt),
  };
}

export function writeUsageSum(sum: UsageSum, group: UsageGroup | null): UsageSumJson {
  const keyOf = (of: UsageGroup) => (of === group ? sum.key || null : null);
  return {
    startsAt: sum.startsAt.toISOString(),
    endsAt: sum.endsAt.toISOString(),
    sim: keyOf('sim'),
    fleet: keyOf('fleet'),
    network: keyOf('network'),
    country: keyOf('country'),
    bytesUp: Number(sum.bytesUp),
    bytesDown: Number(sum.bytesDown),
    bytesTotal: Number(sum.bytesUp + sum.bytesDown),
    smsCount: Number(sum.smsCount),
    voiceSeconds: Number(sum.voiceSeconds),
  };
}

export function writeUsageRecord(record: CountedRecord): UsageRecordJson {
  return {
    id: record.id,
    sim: record.simId,
    kind: record.kind,
    at: record.at.toISOString(),
    bytesUp: Number(record.bytesUp),
    bytesDown: Number(record.bytesDown),
    count: record.kind === 'sms' ? Number(record.units) : 0,
    seconds: record.kind === 'voice' ? Number(record.units) : 0,
    network: record.network,
    country: record.country,
    source: record.source,
    receivedAt: record.receivedAt.toISOString(),
    charges: record.charges.map(({ bundleId, amount }) => ({ bundle: bundleId, amount: Number(amount) })),
  };
}

function writeTime(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}
