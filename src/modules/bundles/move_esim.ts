// An eSIM moves within a family of accounts: its profile, its bundles and its line move with it, its history stays.

import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { getOwnAccount, isOfSandbox } from '../accounts/index.ts';
import { getEsim, moveEsimRow } from '../esims/index.ts';
import { emit } from '../events/index.ts';
import { moveSimRows } from '../sims/index.ts';
import { moveBundleRows } from './move_bundle_rows.ts';

/**
 * Gives the account's eSIM (id or ICCID) to another account under the key's account. What was ordered, used and paid
 * stays with the account that did it. Throws `not_found` for an unknown eSIM or account, and for an account on the other
 * side of a sandbox: what was had for play money stays there. Call it in a `write`.
 */
export async function moveEsim(tx: Ctx, input: MoveEsim): Promise<{ id: string; accountId: string }> {
  const to = await getOwnAccount(tx, { keyAccountId: input.keyAccountId, accountId: input.toAccountId });
  const { id, iccid } = await getEsim(tx, { accountId: input.accountId, idOrIccid: input.idOrIccid });
  if (to.id === input.accountId) return { id, accountId: to.id };
  if ((await isOfSandbox(tx, to.id)) !== (await isOfSandbox(tx, input.accountId)))
    throw new AppError('not_found', 'An eSIM does not move between an account and its sandbox.');
  const move = { esimId: id, toAccountId: to.id };
  await moveSimRows(tx, move);
  await moveBundleRows(tx, move);
  await moveEsimRow(tx, { ...move, accountId: input.accountId });
  const data = { iccid, from: input.accountId, to: to.id };
  await emit(
    tx,
    ...[input.accountId, to.id].map((accountId) => ({
      accountId,
      type: 'sim.moved' as const,
      resourceId: id,
      data,
    })),
  );
  return { id, accountId: to.id };
}

export type MoveEsim = {
  accountId: string;
  idOrIccid: string;
  /** Whose API key it is: the eSIM stays under this account. */
  keyAccountId: string;
  toAccountId: string;
};
