// The good cards of a chunk go into stock: free at once, or held until the whole file is there.
import { type Id, newId } from '../../../base/ids.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { sealRegistrationCode } from '../registration_code.ts';
import { sealSubscription } from '../stock_profile.ts';
import { findInStock } from './find_duplicates.ts';
import type { WorkingImport } from './import.ts';
import type { LineFault, NumberedCard } from './numbered_card.ts';

/** Adds them, and gives the faults of those whose numbers are in stock already. */
export async function addCards(
  tx: Ctx,
  work: WorkingImport,
  given: readonly NumberedCard[],
): Promise<LineFault[]> {
  if (given.length === 0) return [];
  // In one order everywhere, so that two files with the same numbers wait for each other and do not deadlock.
  const cards = given.toSorted((a, b) => (a.card.iccid < b.card.iccid ? -1 : 1));
  const batchId = work.batchId ?? (await openBatch(tx, work, cards.length));
  const inserted = await query<{ iccid: string }>(tx.db, insertSimProfiles, [
    cards.map(({ card }) => card.iccid),
    cards.map(({ card }) => card.imsi),
    cards.map(({ card }) => card.msisdn ?? null),
    cards.map(({ card: { registrationCode: _, ...card } }) => sealSubscription(tx, card)),
    cards.map(({ card }) => sealRegistrationCode(tx, card)),
    work.profileTypeId,
    batchId,
    work.allOrNothing ? 'reserved' : 'available',
    work.allOrNothing ? work.id : null,
  ]);
  if (inserted.length === cards.length) return [];
  const added = new Set(inserted.map(({ iccid }) => iccid));
  return await findInStock(
    tx,
    cards.filter(({ card }) => !added.has(card.iccid)),
  );
}

async function openBatch(tx: Ctx, work: WorkingImport, size: number): Promise<Id<'batch'>> {
  const batchId = newId('batch', tx.now.getTime());
  await query(tx.db, insertBatch, [batchId, work.profileTypeId, size, tx.now, work.id]);
  return batchId;
}

/** Its size is told again, rightly, when the import ends. */
const insertBatch = `
  with noted as (update inventory.imports set batch_id = $1 where id = $5)
  insert into inventory.batches (id, profile_type_id, source, size, created_at) values ($1, $2, 'imported', $3, $4)`;

const insertSimProfiles = `
  insert into inventory.sim_profiles
    (iccid, imsi, msisdn, secrets, registration_code, profile_type_id, batch_id, state, order_id)
  select iccid, imsi, msisdn, secrets, registration_code, $6, $7, $8, $9
  from unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::bytea[])
    as given(iccid, imsi, msisdn, secrets, registration_code)
  on conflict do nothing
  returning iccid`;
