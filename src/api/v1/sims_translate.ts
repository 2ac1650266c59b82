// Lines, from the core to the wire.
import type { z } from 'zod';
import { networkByCode } from '../../modules/catalogue/index.ts';
import type { BillingPeriod, Sim } from '../../modules/sims/index.ts';
import { writeTime } from './money_translate.ts';
import type { BillingPeriodJson, ipAddressList, sim } from './sims_schemas.ts';

type SimJson = z.output<typeof sim>;

export function writeSim(from: Sim): SimJson {
  return {
    id: from.id,
    esimId: from.esimId,
    iccid: from.iccid,
    imsi: from.imsi,
    msisdn: from.msisdn,
    uniqueName: from.uniqueName,
    status: from.scheduledStatus === null ? from.status : 'scheduled',
    scheduledStatus: from.scheduledStatus,
    fleet: from.fleetId === null ? null : { id: from.fleetId, uniqueName: from.fleet?.uniqueName ?? null },
    location: writeLocation(from),
    data: {
      periodBytes: Number(from.periodBytes),
      limitBytes: writeBytes(from.fleet?.dataLimitBytes ?? null),
      blocked: from.dataBlocked,
      speedKbps: from.speedKbps,
    },
    period:
      from.periodStartsAt === null
        ? null
        : { startsAt: from.periodStartsAt.toISOString(), endsAt: writeTime(from.periodEndsAt) },
    core: writeCore(from),
    firstAttachedAt: writeTime(from.firstAttachedAt),
    firstUsedAt: writeTime(from.firstUsedAt),
    createdAt: from.createdAt.toISOString(),
    updatedAt: from.updatedAt.toISOString(),
  };
}

function writeLocation({ attached, country, mcc, mnc, locatedAt }: Sim): SimJson['location'] {
  const network = mcc === null || mnc === null ? undefined : networkByCode(mcc, mnc);
  return { attached, country, mcc, mnc, networkName: network?.brand ?? null, at: writeTime(locatedAt) };
}

function writeCore(from: Sim): SimJson['core'] {
  const hasFailed = from.coreAttempts > 0;
  return {
    name: from.core,
    state: hasFailed ? 'failed' : from.coreDueAt === null ? 'told' : 'waiting',
    attempts: from.coreAttempts,
    lastError: hasFailed ? from.coreError : null,
    remark: hasFailed ? null : from.coreError,
    nextAttemptAt: writeTime(from.coreDueAt),
    toldAt: writeTime(from.coreToldAt),
  };
}

export function writeBytes(bytes: bigint | null): number | null {
  return bytes === null ? null : Number(bytes);
}

export function writeBillingPeriod(from: BillingPeriod): BillingPeriodJson {
  const { id, simId, kind, startsAt, endsAt } = from;
  return { id, simId, kind, startsAt: startsAt.toISOString(), endsAt: writeTime(endsAt) };
}

export function writeIpAddresses({ ipV4, ipV6 }: Sim): z.output<typeof ipAddressList> {
  return {
    data: [
      ...(ipV4 === null ? [] : [{ address: ipV4, version: 'IPv4' as const }]),
      ...(ipV6 === null ? [] : [{ address: ipV6, version: 'IPv6' as const }]),
    ],
  };
}
