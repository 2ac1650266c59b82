// A file comes in as a stream and is durable, sealed and in pieces, before anything of it is answered or worked on.
import { createHash } from 'node:crypto';
import { AppError } from '../../../base/app_error.ts';
import { type Id, newId } from '../../../base/ids.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { checkTakesStock } from '../check_takes_stock.ts';
import { getProfileTypeOf } from '../profile_types.ts';
import { type OpenedTransportKey, openTransportKey } from '../transport_keys/put_transport_key.ts';
import { insertChunk } from './chunk.ts';
import type { KeyColumn } from './columns.ts';
import { cutFile, type FileSize } from './cut_file.ts';
import { sealDecipherer } from './decipherer.ts';
import { type FileHead, type ImportLayout, isCardLine } from './file_head.ts';
import { createHeadReader, type HeadReader } from './head_reader.ts';
import { importLimits } from './import_limits.ts';
import { headFault } from './line_format.ts';

/**
 * Takes the whole file. Nothing is done with it before `startImport`; `dropImport` forgets it. Throws
 * `unknown_profile_type`, `not_found` for the transport key, `body_too_large`, `conflict` when 20 imports are open or a
 * remote SM-DP+ has the stock, and `invalid_request` naming what of the file's head is at fault.
 */
export async function receiveImport(ctx: Ctx, input: NewImport): Promise<ReceivedImport> {
  const { accountId, transportKey: name } = input;
  const profileType = await getProfileTypeOf(ctx, accountId, input.profileType);
  checkTakesStock(profileType);
  const transportKey = name === undefined ? undefined : await openTransportKey(ctx, { accountId, name });
  const id = newId('import', ctx.now.getTime());
  await openImport(ctx, id, input, { profileTypeId: profileType.id, transportKey });
  try {
    return { id, accountId, ...(await receive(ctx, id, input, transportKey)) };
  } catch (error) {
    await dropImport(ctx, id);
    throw error;
  }
}

export type NewImport = {
  accountId: string;
  /** By name. */
  profileType: string;
  layout: ImportLayout;
  /** By name. */
  transportKey?: string;
  encrypted?: readonly KeyColumn[];
  /** Finds all faults, and leaves nothing. */
  dryRun: boolean;
  /** Adds the whole file, or nothing of it. */
  allOrNothing: boolean;
  body: AsyncIterable<Uint8Array>;
};

export type ReceivedImport = {
  id: Id<'import'>;
  accountId: string;
  /** SHA-256 of the file: with the options, all that decides about the import. */
  sha256: Uint8Array;
  received: Received;
};

type Received = { format: FileHead['format']; chunks: number; bytes: number; lines: number };

/** Lets the work on a received file begin. Call it in a `write`. */
export async function startImport(tx: Ctx, { id, received }: ReceivedImport): Promise<void> {
  const { format, chunks, bytes, lines } = received;
  await query(tx.db, start, [id, JSON.stringify(format), chunks, BigInt(bytes), BigInt(lines)]);
}

/** Forgets a file that nobody will start. */
export async function dropImport(ctx: Ctx, id: string): Promise<void> {
  await query(ctx.db, "delete from inventory.imports where id = $1 and status = 'receiving'", [id]);
}

async function openImport(
  ctx: Ctx,
  id: string,
  { accountId, layout, transportKey, dryRun, allOrNothing }: NewImport,
  of: { profileTypeId: string; transportKey: OpenedTransportKey | undefined },
): Promise<void> {
  const rows = await query(ctx.db, open, [
    id,
    accountId,
    of.profileTypeId,
    layout,
    dryRun,
    allOrNothing,
    transportKey ?? null,
    of.transportKey ? sealDecipherer(ctx, id, of.transportKey) : null,
    dryRun || allOrNothing ? 'check' : 'add',
    ctx.requestId,
    ctx.now,
    importLimits.openMax,
  ]);
  if (rows.length === 0)
    throw new AppError(
      'conflict',
      `${importLimits.openMax} imports are under way: wait for one, or cancel it.`,
    );
}

async function receive(
  ctx: Ctx,
  importId: string,
  { layout, encrypted, body }: NewImport,
  transportKey: OpenedTransportKey | undefined,
): Promise<Omit<ReceivedImport, 'id' | 'accountId'>> {
  const hash = createHash('sha256');
  const size: FileSize = { bytes: 0, lines: 0 };
  const reader = createHeadReader(layout, {
    hasTransportKey: transportKey !== undefined,
    ...(transportKey && { kcv: transportKey.kcv }),
    ...(encrypted && { encrypted }),
  });
  const file = new FileInChunks(ctx, importId, layout, reader);
  for await (const lines of cutFile(hashed(body, hash), size)) await file.take(lines);
  const { format, quantity, chunks, cards } = await file.end();
  if (quantity !== undefined && quantity !== cards)
    throw headFault('quantity', `the file says ${quantity} cards and has ${cards}: is it complete?`);
  return { sha256: hash.digest(), received: { format, chunks, bytes: size.bytes, lines: cards } };
}

async function* hashed(
  body: AsyncIterable<Uint8Array>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  for await (const part of body) {
    hash.update(part);
    yield part;
  }
}

/** The lines behind the head, written a chunk at a time. */
class FileInChunks {
  readonly #ctx: Ctx;
  readonly #importId: string;
  readonly #layout: ImportLayout;
  readonly #reader: HeadReader;
  #head: FileHead | undefined;
  #line = 0;
  #chunks = 0;
  #cards = 0;
  #waiting: string[] = [];
  #waitingChars = 0;

  constructor(ctx: Ctx, importId: string, layout: ImportLayout, reader: HeadReader) {
    this.#ctx = ctx;
    this.#importId = importId;
    this.#layout = layout;
    this.#reader = reader;
  }

  async take(lines: readonly string[]): Promise<void> {
    for (const line of lines) {
      this.#line++;
      if (this.#isOfHead(line)) continue;
      this.#waiting.push(line);
      this.#waitingChars += line.length;
      if (isCardLine(this.#layout, line)) this.#cards++;
      if (this.#isFull()) await this.#write();
    }
  }

  #isOfHead(line: string): boolean {
    if (this.#head !== undefined) return false;
    this.#head = this.#reader.read(line);
    return !this.#head?.isCard;
  }

  /** Throws `invalid_request` when there is no card. */
  async end(): Promise<FileHead & { chunks: number; cards: number }> {
    if (this.#head === undefined) return this.#reader.end();
    if (this.#cards === 0)
      throw headFault(`line ${this.#line}`, 'there is no line of a card behind the head');
    if (this.#waiting.length > 0) await this.#write();
    return { ...this.#head, chunks: this.#chunks, cards: this.#cards };
  }

  async #write(): Promise<void> {
    const lines = this.#waiting;
    const firstLine = this.#line - lines.length + 1;
    this.#waiting = [];
    this.#waitingChars = 0;
    await insertChunk(this.#ctx, { importId: this.#importId, number: this.#chunks++, firstLine, lines });
  }

  #isFull(): boolean {
    const { chunkLinesMax, chunkCharsMax } = importLimits;
    return this.#waiting.length >= chunkLinesMax || this.#waitingChars >= chunkCharsMax;
  }
}

const open = `
  insert into inventory.imports (id, account_id, profile_type_id, layout, dry_run, all_or_nothing, transport_key,
    decipherer, status, phase, request_id, clock_offset_ms, created_at)
  select $1, $2, $3, $4, $5, $6, $7, $8, 'receiving', $9, $10,
    greatest(0, extract(epoch from $11::timestamptz - clock_timestamp()) * 1000)::bigint, $11
  where (select count(*) from inventory.imports
         where account_id = $2 and status in ('receiving', 'waiting', 'running')) < $12
  returning 1`;

const start = `
  update inventory.imports set status = 'waiting', is_open = true, format = $2::jsonb, chunks = $3, bytes = $4, lines = $5,
    touched_at = clock_timestamp()
  where id = $1 and status = 'receiving'`;
