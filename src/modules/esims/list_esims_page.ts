// eSIMs of one account by page number, for clients that count pages: with one condition, and how many there are of all pages.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Esim } from './esim.ts';
import { type EsimRow, esimColumns, readEsim } from './esim_row.ts';

/**
 * The page with this number (from 1), and the number of rows of all pages. A page costs the places in an index in front
 * of it, so it must lie within the first million. Throws `invalid_request` for a page behind that.
 */
export async function listEsimsPage(ctx: Ctx, input: EsimsPage): Promise<{ esims: Esim[]; rows: number }> {
  const { accountId, page, perPage, condition, orderBy = 'id', direction = 'desc' } = input;
  checkPlace(page * perPage);
  const texts = textsOf(condition, orderBy, direction);
  const values = [accountId, ...valuesOf(condition)];
  const [rows, [counted]] = await Promise.all([
    query<EsimRow>(ctx.db, texts.select, [...values, (page - 1) * perPage, perPage]),
    query<{ count: bigint }>(ctx.db, texts.count, values),
  ]);
  return { esims: rows.map(readEsim), rows: Number(counted?.count ?? 0n) };
}

export type EsimsPage = {
  accountId: string;
  page: number;
  perPage: number;
  condition?: EsimCondition;
  /** `id`: the order in which they were asked for. */
  orderBy?: 'id' | 'iccid';
  direction?: Direction;
};

/** `contains` ignores case. Of times `from` is the first that fits and `to` the first behind those; null for no bound. */
export type EsimCondition =
  | { field: 'iccid' | 'customerReference'; operator: Comparison | 'contains'; value: string }
  | { field: 'createdAt'; from: Date | null; to: Date | null };

export type Comparison = 'eq' | 'lt' | 'lte' | 'gt' | 'gte';
type Direction = 'asc' | 'desc';

const rowsReachableMax = 1_000_000;

function checkPlace(place: number): void {
  if (place <= rowsReachableMax) return;
  const detail = `pages end at row ${rowsReachableMax}: narrow the list by a condition`;
  throw new AppError('invalid_request', `page: ${detail}.`, { fields: [{ field: 'page', detail }] });
}

type Texts = { select: string; count: string };

/** Of the 56 lists that there are, those that were asked for. */
const made = new Map<string, Texts>();

function textsOf(condition: EsimCondition | undefined, key: 'id' | 'iccid', direction: Direction): Texts {
  const name = `${holds(condition)} ${key} ${direction}`;
  const texts = made.get(name) ?? {
    select: selectText(holds(condition), key, direction),
    count: `select count(*) as count from esims.esims where account_id = $1 ${holds(condition)}`,
  };
  made.set(name, texts);
  return texts;
}

/** Pages in front are skipped in the index alone; only the rows of this one are read. */
function selectText(holding: string, key: 'id' | 'iccid', direction: Direction): string {
  const [offset, limit] =
    holding === '' ? ['$2', '$3'] : holding.includes('$3') ? ['$4', '$5'] : ['$3', '$4'];
  return `
    select ${esimColumns} from esims.esims
    where account_id = $1 and ${key} = any(array(
      select ${key} from esims.esims where account_id = $1 ${holding}
      order by ${key} ${direction} offset ${offset} limit ${limit}))
    order by ${key} ${direction}`;
}

function holds(condition: EsimCondition | undefined): string {
  if (condition === undefined) return '';
  if (condition.field === 'createdAt')
    return "and created_at >= coalesce($2, timestamptz '-infinity') and created_at < coalesce($3, timestamptz 'infinity')";
  const column = columns[condition.field];
  if (condition.operator === 'contains') return `and position(lower($2::text) in lower(${column})) > 0`;
  return `and ${column} ${comparisons[condition.operator]} $2::text`;
}

function valuesOf(condition: EsimCondition | undefined): unknown[] {
  if (condition === undefined) return [];
  return condition.field === 'createdAt' ? [condition.from, condition.to] : [condition.value];
}

const columns = { iccid: 'iccid', customerReference: 'customer_reference' } as const;
const comparisons = { eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;
