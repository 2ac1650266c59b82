// A chunk: some lines of a file at rest, sealed for their import and place.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';

/** `firstLine`: the number of its first line in the file, from 1. */
export type Chunk = { importId: string; number: number; firstLine: number; lines: readonly string[] };

/** Stores a chunk, which is durable when this resolves. */
export async function insertChunk(ctx: Ctx, { importId, number, firstLine, lines }: Chunk): Promise<void> {
  const sealed = ctx.vault.seal(Buffer.from(lines.join('\n')), belongsTo(importId, number));
  await query(ctx.db, insert, [importId, number, BigInt(firstLine), sealed]);
}

/** The lines of a chunk with their numbers. */
export async function openChunk(
  ctx: Ctx,
  { importId, number }: Pick<Chunk, 'importId' | 'number'>,
): Promise<NumberedLine[]> {
  const [row] = await query<{ first_line: bigint; lines: Buffer }>(ctx.db, select, [importId, number]);
  if (!row) throw new Error(`chunk ${number} of ${importId} is not there`);
  const lines = ctx.vault.open(row.lines, belongsTo(importId, number)).toString().split('\n');
  return lines.map((text, at) => ({ number: Number(row.first_line) + at, text }));
}

export type NumberedLine = { number: number; text: string };

export async function deleteChunk(
  ctx: Ctx,
  { importId, number }: Pick<Chunk, 'importId' | 'number'>,
): Promise<void> {
  await query(ctx.db, 'delete from inventory.import_chunks where import_id = $1 and number = $2', [
    importId,
    number,
  ]);
}

/** The import is touched, so that nobody takes it for one whose sender went away. */
const insert = `
  with touched as (update inventory.imports set touched_at = clock_timestamp() where id = $1)
  insert into inventory.import_chunks (import_id, number, first_line, lines) values ($1, $2, $3, $4)`;

const select = 'select first_line, lines from inventory.import_chunks where import_id = $1 and number = $2';

function belongsTo(importId: string, number: number): string {
  return `${importId} chunk ${number}`;
}
