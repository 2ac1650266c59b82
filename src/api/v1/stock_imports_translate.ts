// Imports of stock and transport keys between the wire and the core.
import type { z } from 'zod';
import { fromHex } from '../../base/bytes.ts';
import type {
  ImportFault,
  KeyColumn,
  NewImport,
  NewTransportKey,
  StockImport,
  TransportKey,
} from '../../modules/inventory/index.ts';
import type { importQuery, putTransportKeyBody, stockImport, transportKey } from './stock_imports_schemas.ts';

export function readNewImport(
  accountId: string,
  { dryRun, allOrNothing, encrypted, ...same }: z.output<typeof importQuery>,
): Omit<NewImport, 'body'> {
  return {
    accountId,
    ...same,
    dryRun: dryRun === 'true',
    allOrNothing: allOrNothing === 'true',
    ...(encrypted !== undefined && { encrypted: encrypted.split(',') as KeyColumn[] }),
  };
}

export function writeImport(from: StockImport, now: Date): z.output<typeof stockImport> {
  const { id, profileType, layout, transportKey: key, dryRun, allOrNothing, batchId, failure } = from;
  const { startedAt, endedAt } = from;
  const ms = startedAt && (endedAt ?? now).getTime() - startedAt.getTime();
  return {
    id,
    // One that is still coming in has no answer yet, so nobody can ask for it.
    status: from.status === 'receiving' ? 'waiting' : from.status,
    profileType,
    layout,
    transportKey: key,
    dryRun,
    allOrNothing,
    bytes: Number(from.bytes),
    lines: Number(from.lines),
    linesDone: Number(from.linesDone),
    valid: Number(from.valid),
    added: Number(from.added),
    rejected: Number(from.rejected),
    faults: Number(from.faults),
    seconds: ms === null ? null : Math.max(0, ms) / 1000,
    batchId,
    failure,
    createdAt: from.createdAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
  };
}

/** RFC 4180; the last line tells when there are more faults than are kept. */
export function writeFaultsCsv(faults: readonly ImportFault[], isAll: boolean, of: StockImport): string {
  const lines = faults.map(({ line, field, detail }) => [String(line), field, detail]);
  const more = `Only the first ${faults.length} of ${of.faults} faults are listed; ${of.rejected} lines were rejected.`;
  const all = [['line', 'field', 'detail'], ...lines, ...(isAll ? [] : [['', '', more]])];
  return all.map((values) => `${values.map(quoted).join(',')}\r\n`).join('');
}

function quoted(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

export function readTransportKey(
  accountId: string,
  name: string,
  { key, ...same }: z.output<typeof putTransportKeyBody>,
): NewTransportKey {
  return { accountId, name, ...same, key: fromHex(key) };
}

export function writeTransportKey({
  createdAt,
  updatedAt,
  ...same
}: TransportKey): z.output<typeof transportKey> {
  return { ...same, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
