// One line of a usage file becomes a usage record, or says what is wrong with it.
import { createHash } from 'node:crypto';
import type { NewUsageRecord, UsageKind } from '../usage_record.ts';
import type { CsvColumn, CsvHead } from './csv_columns.ts';
import { readCsvTime } from './csv_time.ts';
import { type CsvUnit, readCsvVolume } from './csv_volume.ts';

/** The record of a row, or what is wrong with it. */
export function readCsvRow(
  row: readonly string[],
  head: CsvHead,
  options: CsvRowOptions,
): NewUsageRecord | string {
  const cell: Cells = (column) => row[head[column] ?? row.length]?.trim() ?? '';
  const sim = cell('iccid') || cell('imsi');
  if (sim === '') return 'no ICCID and no IMSI';
  const kind = readKind(cell('type'), head);
  if (kind === undefined) return `unknown type "${shown(cell('type'))}", give data, sms or voice`;
  const time = cell('end') || cell('start');
  const at = readCsvTime(time, options.zone);
  if (at === undefined) return `"${shown(time)}" is no time`;
  const amounts = readAmounts(cell, kind, options.unit);
  if (typeof amounts === 'string') return amounts;
  const id = cell('id') || identityOf(cell, { sim, kind, at, ...amounts });
  return { id, sim, kind, at, ...amounts, ...readPlace(cell) };
}

export type CsvRowOptions = {
  unit: CsvUnit;
  /** Of times that do not say: `Z`, or hours and minutes ahead of UTC like `+02:00`. */
  zone: string;
};

type Cells = (column: CsvColumn) => string;

function shown(text: string): string {
  return text.slice(0, 40);
}

/** Without such a column, a file is about the kind that its amounts are of. */
function readKind(text: string, head: CsvHead): UsageKind | undefined {
  if (text !== '') return kinds.find(([, pattern]) => pattern.test(text))?.[0];
  if (head.up !== undefined || head.down !== undefined || head.total !== undefined) return 'data';
  return head.count !== undefined ? 'sms' : 'voice';
}

// 5 and 6 are what files with a `traffic_type_id` say.
const kinds: readonly [UsageKind, RegExp][] = [
  ['data', /^(data|gprs|packet|internet|ps|5$)/i],
  ['sms', /sms|message|^6$/i],
  ['voice', /voice|call/i],
];

type Amounts = Pick<NewUsageRecord, 'bytesUp' | 'bytesDown' | 'units'>;

function readAmounts(cell: Cells, kind: UsageKind, unit: CsvUnit): Amounts | string {
  if (kind === 'data') return readVolumes(cell, unit);
  const text = kind === 'sms' ? cell('count') || '1' : cell('seconds');
  if (!/^\d{1,18}$/.test(text)) return `"${shown(text)}" is no whole number`;
  return { bytesUp: 0n, bytesDown: 0n, units: BigInt(text) };
}

/** A total counts as download when the file does not split it. */
function readVolumes(cell: Cells, unit: CsvUnit): Amounts | string {
  const [up, down] = [cell('up'), cell('down')];
  const isSplit = up !== '' || down !== '';
  const bytesUp = readCsvVolume(up, unit);
  const bytesDown = readCsvVolume(isSplit ? down : cell('total'), unit);
  if (bytesUp === undefined || bytesDown === undefined) return 'a volume is no decimal number from 0';
  return { bytesUp, bytesDown, units: 0n };
}

function readPlace(cell: Cells): Pick<NewUsageRecord, 'mcc' | 'mnc' | 'country'> {
  const { mcc = cell('mcc'), mnc = cell('mnc') } =
    /^(?<mcc>\d{3})-?(?<mnc>\d{2,3})$/.exec(cell('network'))?.groups ?? {};
  const country = cell('country').toUpperCase() || null;
  if (mcc === '' || mnc === '') return { mcc: null, mnc: null, country };
  return { mcc, mnc: mnc.padStart(2, '0'), country };
}

/** What tells a record apart that has no id: the same row in another file has the same. */
function identityOf(cell: Cells, record: Omit<NewUsageRecord, 'id' | 'mcc' | 'mnc' | 'country'>): string {
  const { sim, kind, at, bytesUp, bytesDown, units } = record;
  const parts = [
    sim,
    kind,
    cell('start'),
    at.getTime(),
    cell('session'),
    cell('sequence'),
    bytesUp,
    bytesDown,
    units,
  ];
  return `csv:${createHash('sha256').update(parts.join('\n')).digest('hex')}`;
}
