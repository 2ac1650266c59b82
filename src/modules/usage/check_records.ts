// Each record of a batch is held against the limits by itself, before anything is looked up or locked.
import { countryOfMcc, isCountryCode, networkByCode } from '../catalogue/index.ts';
import { dayMs, usageLimits } from './usage_limits.ts';
import { type NewUsageRecord, networkOf, type UsageSource } from './usage_record.ts';

/** Sorts the records of a batch into those that can be counted, those that are in it twice, and faults. Never throws. */
export function checkRecords(records: readonly NewUsageRecord[], of: CheckedBy): CheckedRecords {
  const checked: CheckedRecords = { good: [], repeated: 0, faults: [] };
  const seen = new Map<string, NewUsageRecord>();
  for (const [index, record] of records.entries()) {
    const fault = findFault(record, of) ?? findDifference(record, seen.get(record.id));
    if (fault) checked.faults.push({ index, id: record.id, ...fault });
    else if (seen.has(record.id)) checked.repeated++;
    else {
      seen.set(record.id, record);
      checked.good.push({ index, record: withCountry(record) });
    }
  }
  return checked;
}

export type CheckedBy = { now: Date; source: UsageSource };

export type CheckedRecords = { good: IndexedRecord[]; repeated: number; faults: UsageFault[] };

/** A record with its place in what was sent. */
export type IndexedRecord = { index: number; record: NewUsageRecord };

/** Why a record was not counted. */
export type UsageFault = {
  index: number;
  id: string;
  code: 'invalid_request' | 'not_found' | 'conflict';
  /** The member at fault. */
  field: keyof NewUsageRecord;
  detail: string;
};

type Fault = Omit<UsageFault, 'index' | 'id'>;

type Check = (record: NewUsageRecord, of: CheckedBy) => readonly [keyof NewUsageRecord, string] | undefined;

function findFault(record: NewUsageRecord, of: CheckedBy): Fault | undefined {
  for (const check of checks) {
    const found = check(record, of);
    if (found) return { code: 'invalid_request', field: found[0], detail: found[1] };
  }
  return undefined;
}

const { recordIdCharsMax, recordAgeDaysMax, recordAheadMinutesMax, recordBytesMax, recordUnitsMax } =
  usageLimits;

const checks: readonly Check[] = [
  ({ id }) =>
    id.length === 0 || id.length > recordIdCharsMax || unstorable.test(id)
      ? ['id', `give text of 1 to ${recordIdCharsMax} characters`]
      : undefined,
  ({ id }, { source }) =>
    source !== 'radius' && id.startsWith('radius:')
      ? ['id', 'ids that begin with radius: are made here, give another']
      : undefined,
  ({ at }) => (Number.isNaN(at.getTime()) ? ['at', 'give a time'] : undefined),
  ({ at }, { now }) =>
    at.getTime() < now.getTime() - recordAgeDaysMax * dayMs
      ? ['at', `older than ${recordAgeDaysMax} days, it cannot be counted any more`]
      : undefined,
  ({ at }, { now }) =>
    at.getTime() > now.getTime() + recordAheadMinutesMax * 60_000
      ? ['at', `more than ${recordAheadMinutesMax} minutes in the future, check the clock of the sender`]
      : undefined,
  (record) => checkAmount(record, 'bytesUp', record.kind === 'data', recordBytesMax),
  (record) => checkAmount(record, 'bytesDown', record.kind === 'data', recordBytesMax),
  ({ bytesUp, bytesDown }) =>
    bytesUp + bytesDown > recordBytesMax
      ? ['bytesDown', `give at most ${recordBytesMax} bytes in both directions together`]
      : undefined,
  (record) => checkAmount(record, 'units', record.kind !== 'data', recordUnitsMax),
  ({ mcc, mnc }) =>
    mcc === null && mnc === null
      ? undefined
      : /^\d{3}$/.test(mcc ?? '')
        ? undefined
        : ['mcc', 'give 3 digits'],
  ({ mcc, mnc }) =>
    mcc === null || /^\d{2,3}$/.test(mnc ?? '') ? undefined : ['mnc', 'give 2 or 3 digits, with the mcc'],
  ({ country }) =>
    country === null || isCountryCode(country)
      ? undefined
      : ['country', 'give two capital letters (ISO 3166-1)'],
];

const unstorable = /[\p{Cc}\p{Cs}]/u;

function checkAmount(
  record: NewUsageRecord,
  field: 'bytesUp' | 'bytesDown' | 'units',
  belongs: boolean,
  max: bigint,
): readonly [keyof NewUsageRecord, string] | undefined {
  const amount = record[field];
  if (!belongs && amount !== 0n) return [field, `does not belong to ${record.kind}, leave it out`];
  return amount < 0n || amount > max ? [field, `give 0 to ${max}`] : undefined;
}

function findDifference(record: NewUsageRecord, earlier: NewUsageRecord | undefined): Fault | undefined {
  if (!earlier || contentOf(earlier) === contentOf(record)) return undefined;
  return {
    code: 'conflict',
    field: 'id',
    detail: 'another record of this batch has this id, give each its own',
  };
}

function contentOf({ sim, kind, at, bytesUp, bytesDown, units, mcc, mnc, country }: NewUsageRecord): string {
  return [sim, kind, at.getTime(), bytesUp, bytesDown, units, mcc, mnc, country].join(' ');
}

function withCountry(record: NewUsageRecord): NewUsageRecord {
  const { mcc, mnc, country } = record;
  if (country !== null || mcc === null || mnc === null || networkOf(record) === null) return record;
  return { ...record, country: networkByCode(mcc, mnc)?.country ?? countryOfMcc(mcc) ?? null };
}
