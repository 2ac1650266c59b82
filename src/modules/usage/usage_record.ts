// A usage record: what one line used in a stretch of time, as a network tells it.
import type { Charge, UsageRecord } from '../bundles/index.ts';

export type UsageKind = UsageRecord['kind'];

/** Where records come from. */
export type UsageSource = 'api' | 'csv' | 'radius';

export type NewUsageRecord = {
  /** The sender's own, 1 to 200 characters: a record that comes again under it is not counted again. */
  id: string;
  /** The SIM's id, ICCID or IMSI. */
  sim: string;
  kind: UsageKind;
  /** The end of what it tells about. */
  at: Date;
  /** From the device and to it; 0 unless it is data. */
  bytesUp: bigint;
  bytesDown: bigint;
  /** Messages or seconds; 0 for data. */
  units: bigint;
  /** The visited network, both or neither. */
  mcc: string | null;
  mnc: string | null;
  /** ISO 3166-1 alpha-2; null takes that of the network. */
  country: string | null;
};

/** A record as it was counted. */
export type CountedRecord = Omit<NewUsageRecord, 'sim' | 'mcc' | 'mnc'> & {
  simId: string;
  /** MCC and MNC as digits. */
  network: string | null;
  source: UsageSource;
  receivedAt: Date;
  /** Which bundles paid for it; less than its amount when there was nothing left. */
  charges: Charge[];
};

/** What is rated: bytes, messages or seconds. */
export function amountOf(record: Pick<NewUsageRecord, 'kind' | 'bytesUp' | 'bytesDown' | 'units'>): bigint {
  return record.kind === 'data' ? record.bytesUp + record.bytesDown : record.units;
}

export function networkOf({ mcc, mnc }: Pick<NewUsageRecord, 'mcc' | 'mnc'>): string | null {
  return mcc === null || mnc === null ? null : mcc + mnc;
}
