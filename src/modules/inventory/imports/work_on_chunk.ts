// One chunk of a file: its good lines go where they belong, its bad ones are noted, and the import is one chunk further.
import { setImmediate } from 'node:timers/promises';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { iccidFaults } from '../add_stock.ts';
import { getProfileType } from '../profile_types.ts';
import { addCards } from './add_cards.ts';
import { deleteChunk, openChunk } from './chunk.ts';
import { openDecipherer } from './decipherer.ts';
import { endImport } from './end_import.ts';
import { isCardLine } from './file_head.ts';
import { findInStock, findRepeated } from './find_duplicates.ts';
import type { WorkingImport } from './import.ts';
import { importLimits } from './import_limits.ts';
import type { LineFault, NumberedCard } from './numbered_card.ts';
import { readCard } from './read_card.ts';

/** Call it in a `write` that has claimed the import, with a chunk left to read. */
export async function workOnChunk(tx: Ctx, work: WorkingImport): Promise<void> {
  const chunk = { importId: work.id, number: work.nextChunk };
  const { cards, lines, faults } = await readCards(tx, work);
  // The whole file was checked before, when all of it is added or nothing.
  const isChecked = work.phase === 'add' && work.allOrNothing;
  const unique = isChecked ? { cards, faults: [] } : await findRepeated(tx, work.id, cards);
  const inStock = await (work.phase === 'add'
    ? addCards(tx, work, unique.cards)
    : findInStock(tx, unique.cards));
  faults.push(...unique.faults, ...inStock);
  if (isChecked && faults.length > 0) return await endImport(tx, work, stockHasChanged);
  await noteProgress(tx, work, { lines, faults, isChecked });
  if (work.phase === 'add' || work.dryRun) await deleteChunk(tx, chunk);
}

const stockHasChanged = {
  status: 'failed',
  failure: {
    code: 'duplicate_iccid',
    detail:
      'Some of its ICCIDs or IMSIs came into stock while the file was checked; nothing was added. Try a dry run.',
  },
} as const;

async function readCards(tx: Ctx, work: WorkingImport) {
  const profileType = await getProfileType(tx, work.profileType);
  const decipherer = work.decipherer === null ? undefined : openDecipherer(tx, work.id, work.decipherer);
  const cards: NumberedCard[] = [];
  const faults: LineFault[] = [];
  let lines = 0;
  for (const { number: line, text } of await openChunk(tx, { importId: work.id, number: work.nextChunk })) {
    if (!isCardLine(work.layout, text)) continue;
    // Requests and orders have their turn in between.
    if (++lines % importLimits.cardsInARow === 0) await setImmediate();
    const read = readCard(text, work.format, decipherer);
    const found = 'faults' in read ? read.faults : iccidFaults(profileType, read.card);
    if ('card' in read && found.length === 0) cards.push({ line, card: read.card });
    faults.push(...found.map((fault) => ({ line, ...fault })));
  }
  return { cards, lines, faults };
}

/** The second reading of a file that was checked counts only what it adds. */
async function noteProgress(
  tx: Ctx,
  { id, phase, faults: before }: WorkingImport,
  { lines, faults: found, isChecked }: { lines: number; faults: readonly LineFault[]; isChecked: boolean },
): Promise<void> {
  const faults = [...new Map(found.map((fault) => [`${fault.line} ${fault.field}`, fault])).values()];
  const rejected = new Set(faults.map(({ line }) => line)).size;
  const valid = lines - rejected;
  const added = phase === 'add' ? valid : 0;
  const counted = isChecked ? [0, 0, 0, 0] : [lines, valid, rejected, faults.length];
  await query(tx.db, update, [id, ...counted.map(BigInt), BigInt(added)]);
  const kept = before < importLimits.faultsMax ? faults : [];
  if (kept.length > 0)
    await query(tx.db, insertFaults, [
      id,
      kept.map(({ line }) => BigInt(line)),
      kept.map(({ field }) => field),
      kept.map(({ detail }) => detail),
    ]);
}

const update = `
  update inventory.imports set next_chunk = next_chunk + 1, lines_done = lines_done + $2, valid = valid + $3,
    rejected = rejected + $4, faults = faults + $5, added = added + $6
  where id = $1`;

const insertFaults = `
  insert into inventory.import_faults (import_id, line, field, detail)
  select $1, * from unnest($2::bigint[], $3::text[], $4::text[])`;
