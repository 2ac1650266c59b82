// The brandings that ordered eSIMs are made with: those that were named, and the defaults of their accounts.
import type { Id } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import type { Branding } from './branding.ts';

/** Gives what each of these eSIMs is made with, in their order, in one statement; undefined for none, or one that was removed. */
export async function findBrandingsToInstall(
  ctx: Ctx,
  esims: readonly EsimToBrand[],
): Promise<(BrandingToInstall | undefined)[]> {
  const ids = [...new Set(esims.flatMap(({ brandingId }) => brandingId ?? []))];
  const accountIds = [
    ...new Set(esims.filter(({ brandingId }) => brandingId === undefined).map(({ accountId }) => accountId)),
  ];
  if (ids.length === 0 && accountIds.length === 0) return esims.map(() => undefined);
  const found = (await query<Row>(ctx.db, selectToInstall, [ids, accountIds])).map(readRow);
  const byId = new Map<string, BrandingToInstall>(found.map((each) => [each.id, each]));
  const defaults = new Map(found.filter((each) => each.isDefault).map((each) => [each.accountId, each]));
  return esims.map(({ accountId, brandingId }) => {
    if (brandingId === undefined) return defaults.get(accountId);
    return brandingId === null ? undefined : byId.get(brandingId);
  });
}

/** `brandingId`: null for none, undefined for the account's default. */
export type EsimToBrand = { accountId: string; brandingId: string | null | undefined };

export type BrandingToInstall = Pick<
  Branding,
  'id' | 'accountId' | 'isDefault' | 'installName' | 'networkName'
>;

type Row = {
  id: string;
  account_id: string;
  is_default: boolean;
  install_name: string | null;
  network_name: string | null;
};

function readRow(row: Row): BrandingToInstall {
  return {
    id: row.id as Id<'branding'>,
    accountId: row.account_id,
    isDefault: row.is_default,
    installName: row.install_name,
    networkName: row.network_name,
  };
}

const columns = 'id, account_id, is_default, install_name, network_name';

// Two lists, each read by its own index.
const selectToInstall = `
  select ${columns} from branding.brandings where id = any($1)
  union
  select ${columns} from branding.brandings where account_id = any($2) and is_default`;
