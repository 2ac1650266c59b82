// At which percentages of an allowance an account wants to be told, for products that have none of their own.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';

/** The percentages of each of these accounts, ascending. */
export async function getThresholds(ctx: Ctx, accountIds: readonly string[]): Promise<Map<string, number[]>> {
  const rows = await query<{ id: string; thresholds: number[] }>(
    ctx.db,
    'select id, thresholds from accounts.accounts where id = any($1)',
    [[...accountIds]],
  );
  return new Map(rows.map((row) => [row.id, row.thresholds]));
}

/** Sets the account's percentages: up to 20, ascending, 1 to 100. Throws `invalid_request`. Call it in a `write`. */
export async function setThresholds(
  tx: Ctx,
  input: { accountId: string; thresholds: readonly number[] },
): Promise<void> {
  const ascending = input.thresholds.every(
    (each, index, all) => Number.isInteger(each) && each >= 1 && each <= 100 && each > (all[index - 1] ?? 0),
  );
  if (!ascending || input.thresholds.length > thresholdsMax)
    throw new AppError('invalid_request', 'These thresholds cannot be used.', {
      fields: [
        { field: 'thresholds', detail: `give up to ${thresholdsMax} ascending whole numbers from 1 to 100` },
      ],
    });
  await query(tx.db, 'update accounts.accounts set thresholds = $2 where id = $1', [
    input.accountId,
    [...input.thresholds],
  ]);
}

const thresholdsMax = 20;
