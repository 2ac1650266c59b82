// A usage file is counted row by row: bad rows are named by their line, and a file that comes again counts nothing twice.
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { AppError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import type { Freshness } from '../freshness.ts';
import { recordUsage } from '../record_usage.ts';
import { usageLimits } from '../usage_limits.ts';
import type { NewUsageRecord } from '../usage_record.ts';
import { type CsvHead, readCsvHead } from './csv_columns.ts';
import { type CsvRowOptions, readCsvRow } from './csv_row.ts';

/**
 * Counts the rows of a file with a first line of names, separated by comma, semicolon, tab or bar. Good rows are
 * counted whatever the others hold: correct these and send the whole file again. A row without a record id is known by
 * its SIM, kind, times, session, sequence number and amounts. Takes up to 16 MiB and 100,000 rows.
 * Throws `invalid_request` when the file cannot be read as such; rows before the line that it names may have been counted.
 */
export async function importUsageCsv(ctx: Ctx, file: UsageFile): Promise<ImportedUsage> {
  const text = file.text.replace(/^\ufeff/, '');
  checkSize(text);
  const result: ImportedUsage = {
    rows: 0,
    counted: 0,
    repeated: 0,
    refusedCount: 0,
    refused: [],
    freshness: none(ctx),
  };
  let head: CsvHead | undefined;
  let batch: NumberedRecord[] = [];
  for await (const { line, cells } of readLines(text)) {
    if (!head) {
      head = readCsvHead(cells);
      continue;
    }
    result.rows++;
    const record = readCsvRow(cells, head, file);
    if (typeof record === 'string') refuse(result, { line, code: 'invalid_request', detail: record });
    else batch.push({ line, record });
    if (batch.length < usageLimits.recordsPerBatchMax) continue;
    await countBatch(ctx, file, batch, result);
    batch = [];
  }
  if (!head) throw new AppError('invalid_request', 'The file is empty.');
  if (batch.length > 0) await countBatch(ctx, file, batch, result);
  result.refused.sort((a, b) => a.line - b.line);
  return result;
}

export type UsageFile = CsvRowOptions & { accountId: string; text: string };

export type ImportedUsage = {
  rows: number;
  counted: number;
  repeated: number;
  refusedCount: number;
  /** The first 100 rows that were not counted, by their line in the file. */
  refused: CsvFault[];
  freshness: Freshness;
};

export type CsvFault = { line: number; code: 'invalid_request' | 'not_found' | 'conflict'; detail: string };

type NumberedRecord = { line: number; record: NewUsageRecord };

function none({ now }: Ctx): Freshness {
  return { asOf: now, lastRecordAt: null, lastReceivedAt: null };
}

function checkSize(text: string): void {
  const { csvBytesMax, csvRowsMax } = usageLimits;
  if (Buffer.byteLength(text) > csvBytesMax)
    throw new AppError('body_too_large', `Send at most ${csvBytesMax} bytes at once.`);
  let rows = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) rows++;
  if (rows > csvRowsMax + 1)
    throw new AppError('invalid_request', `Send at most ${csvRowsMax} rows at once.`);
}

type CsvLine = { line: number; cells: string[] };

const rowBytesMax = 16 * 1024;

async function* readLines(text: string): AsyncGenerator<CsvLine> {
  const parser = parse({
    delimiter: delimiterOf(text),
    info: true,
    max_record_size: rowBytesMax,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  try {
    for await (const { record, info } of Readable.from(partsOf(text)).pipe(parser))
      yield { line: info.lines, cells: record };
  } catch (error) {
    throw readCsvError(error);
  }
}

/** The parser is fed in parts, so that not all rows of a large file are in memory. */
function* partsOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += 65_536) yield text.slice(at, at + 65_536);
}

/** What the first line has most of. */
function delimiterOf(text: string): string {
  const end = text.indexOf('\n');
  const first = text.slice(0, Math.min(end < 0 ? text.length : end, rowBytesMax));
  const count = (delimiter: string) => first.split(delimiter).length;
  return [',', ';', '\t', '|'].reduce((best, each) => (count(each) > count(best) ? each : best));
}

function readCsvError(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  const { code, lines } = error as CsvError & { lines?: number };
  return new AppError(
    'invalid_request',
    `The file cannot be read from line ${lines} on; what came before may be counted.`,
    {
      fields: [{ field: `line ${lines}`, detail: csvFaults[code] ?? 'not a line of comma-separated values' }],
      cause: error,
    },
  );
}

const csvFaults: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'close the quote, or double it',
  CSV_INVALID_CLOSING_QUOTE: 'put a separator behind a closing quote, or double quotes inside of text',
  INVALID_OPENING_QUOTE: 'quote the whole value, or leave quotes out',
  CSV_MAX_RECORD_SIZE: `the line is longer than ${rowBytesMax} bytes`,
};

async function countBatch(
  ctx: Ctx,
  { accountId }: UsageFile,
  batch: readonly NumberedRecord[],
  result: ImportedUsage,
): Promise<void> {
  const records = batch.map(({ record }) => record);
  const done = await recordUsage(ctx, { accountId, source: 'csv', records, onFault: 'skip' });
  result.counted += done.counted;
  result.repeated += done.repeated;
  for (const { index, code, field, detail } of done.refused)
    refuse(result, { line: batch[index]?.line ?? 0, code, detail: `${field}: ${detail}` });
  const { lastRecordAt } = done.freshness;
  const latest = result.freshness.lastRecordAt;
  if (lastRecordAt && (!latest || latest < lastRecordAt)) result.freshness = done.freshness;
}

function refuse(result: ImportedUsage, fault: CsvFault): void {
  result.refusedCount++;
  if (result.refused.length < usageLimits.csvFaultsNamedMax) result.refused.push(fault);
}
