// Which cards have an ICCID or IMSI that an earlier line of the same file had, or that is in stock already.
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import type { LineFault, NumberedCard } from './numbered_card.ts';

/** The cards whose numbers no earlier line of the file had, which are noted for the lines to come; and the faults of the others. */
export async function findRepeated(
  tx: Ctx,
  importId: string,
  cards: readonly NumberedCard[],
): Promise<{ cards: NumberedCard[]; faults: LineFault[] }> {
  if (cards.length === 0) return { cards: [], faults: [] };
  const values = [importId, cards.map(({ card }) => card.iccid), cards.map(({ card }) => card.imsi)];
  const lines = cards.map(({ line }) => BigInt(line));
  const rows = await query<{ line: bigint }>(tx.db, insertNumbers, [...values, lines]);
  if (rows.length === cards.length) return { cards: [...cards], faults: [] };
  const noted = new Set(rows.map(({ line }) => Number(line)));
  const first = await query<First>(tx.db, selectNumbers, values);
  return {
    cards: cards.filter(({ line }) => noted.has(line)),
    faults: repeatFaults(
      cards.filter(({ line }) => !noted.has(line)),
      first,
    ),
  };
}

/** The faults of cards that have a number which is in stock. */
export async function findInStock(tx: Ctx, cards: readonly NumberedCard[]): Promise<LineFault[]> {
  if (cards.length === 0) return [];
  const rows = await query<{ iccid: string; imsi: string }>(tx.db, selectStock, [
    cards.map(({ card }) => card.iccid),
    cards.map(({ card }) => card.imsi),
  ]);
  const iccids = new Set(rows.map(({ iccid }) => iccid));
  const imsis = new Set(rows.map(({ imsi }) => imsi));
  return cards.flatMap(({ line, card: { iccid, imsi } }) => [
    ...(iccids.has(iccid) ? [{ line, field: 'iccid', detail: `${iccid} is in stock already` }] : []),
    ...(imsis.has(imsi) ? [{ line, field: 'imsi', detail: `${imsi} is in stock already` }] : []),
  ]);
}

type First = { iccid: string; imsi: string; line: bigint };

function repeatFaults(repeated: readonly NumberedCard[], first: readonly First[]): LineFault[] {
  const byIccid = new Map(first.map((each) => [each.iccid, each.line]));
  const byImsi = new Map(first.map((each) => [each.imsi, each.line]));
  return repeated.flatMap(({ line, card: { iccid, imsi } }) => {
    const [iccidLine, imsiLine] = [byIccid.get(iccid), byImsi.get(imsi)];
    const fault = (field: string, value: string, at: bigint | undefined) =>
      at === undefined ? [] : [{ line, field, detail: `${value} is in line ${at} already` }];
    return [...fault('iccid', iccid, iccidLine), ...fault('imsi', imsi, imsiLine)];
  });
}

const insertNumbers = `
  insert into inventory.import_numbers (import_id, iccid, imsi, line)
  select $1, * from unnest($2::text[], $3::text[], $4::bigint[]) on conflict do nothing returning line`;

const selectNumbers = `
  select iccid, imsi, line from inventory.import_numbers where import_id = $1 and iccid = any($2::text[])
  union select iccid, imsi, line from inventory.import_numbers where import_id = $1 and imsi = any($3::text[])`;

const selectStock = `
  select iccid, imsi from inventory.sim_profiles where iccid = any($1::text[])
  union select iccid, imsi from inventory.sim_profiles where imsi = any($2::text[])`;
