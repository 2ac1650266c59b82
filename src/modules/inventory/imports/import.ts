// An import: a file of SIM profiles on its way into the stock, as it is told, and as the one who works on it sees it.
import type { ErrorCode } from '../../../base/error_codes.ts';
import type { Id } from '../../../base/ids.ts';
import type { LineFormat } from './columns.ts';
import type { ImportLayout } from './file_head.ts';

export type StockImport = {
  id: Id<'import'>;
  accountId: string;
  profileType: string;
  layout: ImportLayout;
  transportKey: string | null;
  dryRun: boolean;
  allOrNothing: boolean;
  status: ImportStatus;
  bytes: bigint;
  /** Lines of cards in the file, and how many of them have been read. */
  lines: bigint;
  linesDone: bigint;
  /** Lines without a fault. */
  valid: bigint;
  /** What is in stock of them; 0 for a dry run. */
  added: bigint;
  rejected: bigint;
  /** All faults, of which the first 10,000 or so are kept. */
  faults: bigint;
  batchId: string | null;
  failure: { code: ErrorCode; detail: string } | null;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
};

export type ImportStatus = 'receiving' | 'waiting' | 'running' | 'completed' | 'failed' | 'cancelled';

/** What a worker needs beside: `held` stock is nobody's yet, since the whole file is added or nothing. */
export type WorkingImport = StockImport & {
  profileTypeId: string;
  phase: 'check' | 'add' | 'release';
  format: LineFormat;
  decipherer: Uint8Array | null;
  chunks: number;
  nextChunk: number;
  requestId: string;
  clockOffsetMs: number;
};

export type ImportRow = {
  id: string;
  account_id: string;
  profile_type_id: string;
  profile_type: string;
  layout: ImportLayout;
  transport_key: string | null;
  decipherer: Buffer | null;
  dry_run: boolean;
  all_or_nothing: boolean;
  format: LineFormat;
  status: ImportStatus;
  phase: WorkingImport['phase'];
  chunks: number;
  next_chunk: number;
  bytes: bigint;
  lines: bigint;
  lines_done: bigint;
  valid: bigint;
  added: bigint;
  rejected: bigint;
  faults: bigint;
  batch_id: string | null;
  failure_code: ErrorCode | null;
  failure_detail: string | null;
  request_id: string;
  clock_offset_ms: bigint;
  created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
};

/** To be followed by more of the `where`. */
export const selectImports = `
  select i.id, i.account_id, i.profile_type_id, t.name as profile_type, i.layout, i.transport_key, i.decipherer,
    i.dry_run, i.all_or_nothing, i.format, i.status, i.phase, i.chunks, i.next_chunk, i.bytes, i.lines, i.lines_done,
    i.valid, i.added, i.rejected, i.faults, i.batch_id, i.failure_code, i.failure_detail, i.request_id,
    i.clock_offset_ms, i.created_at, i.started_at, i.ended_at
  from inventory.imports i join inventory.profile_types t on t.id = i.profile_type_id where true`;

export function readImport(row: ImportRow): StockImport {
  return {
    id: row.id as Id<'import'>,
    accountId: row.account_id,
    profileType: row.profile_type,
    layout: row.layout,
    transportKey: row.transport_key,
    dryRun: row.dry_run,
    allOrNothing: row.all_or_nothing,
    status: row.status,
    bytes: row.bytes,
    lines: row.lines,
    linesDone: row.lines_done,
    valid: row.valid,
    added: row.added,
    rejected: row.rejected,
    faults: row.faults,
    batchId: row.batch_id,
    failure: row.failure_code === null ? null : { code: row.failure_code, detail: row.failure_detail ?? '' },
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}

export function readWorkingImport(row: ImportRow): WorkingImport {
  return {
    ...readImport(row),
    profileTypeId: row.profile_type_id,
    phase: row.phase,
    format: row.format,
    decipherer: row.decipherer,
    chunks: row.chunks,
    nextChunk: row.next_chunk,
    requestId: row.request_id,
    clockOffsetMs: Number(row.clock_offset_ms),
  };
}
