// Brandings are found by id or name, by the eSIMs that have them, or listed newest first.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { type ListPage, listTexts, queryList } from '../../pg/list.ts';
import { query } from '../../pg/query.ts';
import type { Branding, BrandingHead } from './branding.ts';
import {
  type BrandingHeadRow,
  type BrandingRow,
  brandingColumns,
  brandingHeadColumns,
  readBranding,
  readBrandingHead,
} from './branding_row.ts';

/** The account's branding with this id or exactly this name. Throws `not_found`. */
export async function getBranding(ctx: Ctx, of: { accountId: string; idOrName: string }): Promise<Branding> {
  const isId = of.idOrName.startsWith('brd_');
  const [row] = await query<BrandingRow>(ctx.db, isId ? selectById : selectByName, [
    of.accountId,
    of.idOrName,
  ]);
  if (row) return readBranding(row);
  throw new AppError('not_found', 'There is no such branding: give its id or its exact name.', {
    fields: [{ field: 'branding', detail: 'there is no such one' }],
  });
}

/**
 * The brandings of these eSIMs, by id, in one statement; in none when no eSIM has one. A branding that was removed is
 * not among them. Whoever has the eSIM may see its branding, also when that stayed with the account it came from.
 */
export async function findBrandingsOfEsims(
  ctx: Ctx,
  esims: readonly { brandingId: string | null }[],
): Promise<ReadonlyMap<string, Branding>> {
  const ids = [...new Set(esims.flatMap(({ brandingId }) => brandingId ?? []))];
  if (ids.length === 0) return new Map();
  const rows = await query<BrandingRow>(ctx.db, selectByIds, [ids]);
  return new Map(rows.map((row) => [row.id, readBranding(row)]));
}

/** The branding of this eSIM, if it has one that was not removed. */
export async function findBrandingOfEsim(
  ctx: Ctx,
  esim: { brandingId: string | null },
): Promise<Branding | undefined> {
  const found = await findBrandingsOfEsims(ctx, [esim]);
  return found.values().next().value;
}

/** A page of the account's brandings, without the bytes of their logos. */
export async function listBrandings(
  ctx: Ctx,
  { accountId, ...page }: ListPage & { accountId: string },
): Promise<BrandingHead[]> {
  return (await queryList<BrandingHeadRow>(ctx.db, ofAccount, [accountId], page)).map(readBrandingHead);
}

const selectBrandings = `select ${brandingColumns} from branding.brandings`;
const selectById = `${selectBrandings} where account_id = $1 and id = $2`;
const selectByName = `${selectBrandings} where account_id = $1 and name = $2`;
const selectByIds = `${selectBrandings} where id = any($1)`;
const ofAccount = listTexts(
  `select ${brandingHeadColumns} from branding.brandings where account_id = $1`,
  'id',
  1,
);
