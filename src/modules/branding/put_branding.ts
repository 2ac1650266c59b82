// A branding is put whole, by name: a new name adds one, a known one is replaced; a new default takes it from the last.
import { AppError } from '../../base/app_error.ts';
import { present } from '../../base/assert.ts';
import { newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { emit } from '../events/index.ts';
import { type Branding, type BrandingHead, type BrandingSettings, brandingDefaults } from './branding.ts';
import { type BrandingHeadRow, brandingHeadColumns, readBrandingHead } from './branding_row.ts';
import { checkBranding } from './check_branding.ts';
import { lockBrandings } from './lock_brandings.ts';

export const brandingsMax = 50;

/**
 * Adds or replaces the account's branding of this name, and gives it; what is left out is as in `brandingDefaults`.
 * Throws `invalid_request` naming each field at fault, `conflict` when the account has 50 others. Call it in a `write`.
 */
export async function putBranding(tx: Ctx, input: PutBranding): Promise<Branding> {
  const { accountId, name, ...given } = input;
  const settings: BrandingSettings = { ...brandingDefaults, ...given };
  checkBranding({ name, ...settings });
  await lockBrandings(tx, accountId);
  const demoted = settings.isDefault ? await endDefault(tx, { accountId, name }) : [];
  const head = await upsert(tx, { accountId, name, ...settings });
  await emit(tx, ...demoted.map(tellPut), tellPut(head));
  const { hasLogo: _, ...branding } = head;
  return { ...branding, logo: settings.logo };
}

export type PutBranding = Partial<BrandingSettings> & { accountId: string; name: string };

/** The branding that is no longer the default now, if another one was. */
async function endDefault(tx: Ctx, next: { accountId: string; name: string }): Promise<BrandingHead[]> {
  const rows = await query<BrandingHeadRow>(tx.db, endDefaultText, [next.accountId, next.name, tx.now]);
  return rows.map(readBrandingHead);
}

async function upsert(
  tx: Ctx,
  branding: BrandingSettings & { accountId: string; name: string },
): Promise<BrandingHead> {
  const id = newId('branding', tx.now.getTime());
  const [row] = await query<BrandingHeadRow>(tx.db, upsertText, [
    id,
    branding.accountId,
    branding.name,
    branding.isDefault,
    branding.installName,
    branding.networkName,
    branding.foreground,
    branding.background,
    branding.logo,
    tx.now,
  ]);
  const head = readBrandingHead(present(row, 'a branding that was put'));
  if (head.id === id) await checkCount(tx, branding.accountId);
  return head;
}

async function checkCount(tx: Ctx, accountId: string): Promise<void> {
  const [row] = await query<{ brandings: bigint }>(tx.db, countText, [accountId]);
  if ((row?.brandings ?? 0n) > BigInt(brandingsMax))
    throw new AppError('conflict', `There are ${brandingsMax} brandings: replace or remove one of them.`);
}

function tellPut({ id, accountId, createdAt: _, updatedAt: __, ...data }: BrandingHead) {
  return { accountId, type: 'branding.put' as const, resourceId: id, data };
}

const endDefaultText = `
  update branding.brandings set is_default = false, updated_at = $3
  where account_id = $1 and is_default and name <> $2
  returning ${brandingHeadColumns}`;

const upsertText = `
  insert into branding.brandings (id, account_id, name, is_default, install_name, network_name, foreground, background,
    logo, created_at, updated_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
  on conflict (account_id, name) do update set is_default = excluded.is_default, install_name = excluded.install_name,
    network_name = excluded.network_name, foreground = excluded.foreground, background = excluded.background,
    logo = excluded.logo, updated_at = excluded.updated_at
  returning ${brandingHeadColumns}`;

const countText = 'select count(*) as brandings from branding.brandings where account_id = $1';
