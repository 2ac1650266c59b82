// A branding goes; eSIMs that have it keep working, and keep the names they were made with: their pictures become plain.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { emit } from '../events/index.ts';
import type { Branding } from './branding.ts';
import { getBranding } from './find_brandings.ts';
import { lockBrandings } from './lock_brandings.ts';

/** Removes the account's branding with this id or name, and gives what it was. Throws `not_found`. Call it in a `write`. */
export async function removeBranding(
  tx: Ctx,
  of: { accountId: string; idOrName: string },
): Promise<Branding> {
  await lockBrandings(tx, of.accountId);
  const branding = await getBranding(tx, of);
  const { id, accountId, name, isDefault } = branding;
  await query(tx.db, 'delete from branding.brandings where account_id = $1 and id = $2', [accountId, id]);
  await emit(tx, { accountId, type: 'branding.removed', resourceId: id, data: { name, isDefault } });
  return branding;
}
