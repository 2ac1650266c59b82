// Usage is charged to the bundles of its lines: a few statements for any number of records and lines.
import { AppError } from '../../../base/app_error.ts';
import { assert } from '../../../base/assert.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { getThresholds } from '../../accounts/index.ts';
import { lockBundles } from '../lock_bundles_sql.ts';
import type { Charge, UsageRecord } from './charge_record.ts';
import { rateLine } from './rate_line.ts';
import type { RatedRecord } from './rewind_line.ts';
import { storeRated } from './store_rated.ts';

/**
 * Charges the records of each line, and gives the charges of every record by its id, of earlier ones too. The outcome
 * is the same as if all of them had come in the order of (at, id). The caller holds the lines. Throws
 * `invalid_request` for an amount that cannot be. Call it in a `write`.
 */
export async function rateUsage(tx: Ctx, usage: readonly LineUsage[]): Promise<Map<string, Charge[]>> {
  const lines = usage.filter(({ records }) => records.length > 0);
  if (lines.length === 0) return new Map();
  for (const { records } of lines) for (const record of records) checkAmount(record);
  assert(new Set(lines.map(({ esimId }) => esimId)).size === lines.length, 'a line is rated once in a batch');
  const [bundles, thresholds] = await Promise.all([
    lockBundles(
      tx,
      lines.map((line) => ({ ...line, since: firstOf(line) })),
    ),
    getThresholds(tx, [...new Set(lines.map(({ accountId }) => accountId))]),
  ]);
  const rated = lines.map(({ accountId, esimId, records, earlier }) => ({
    esimId,
    ...rateLine({
      bundles: bundles.get(esimId) ?? [],
      thresholds: thresholds.get(accountId) ?? [],
      records,
      earlier,
      now: tx.now,
    }),
  }));
  await storeRated(tx, rated);
  return new Map(rated.flatMap(({ charges }) => [...charges]));
}

export type LineUsage = {
  accountId: string;
  esimId: string;
  /** New ones. */
  records: readonly UsageRecord[];
  /** All of this line that were rated before and are not before the first new one. */
  earlier: readonly RatedRecord[];
};

/** More than any record can tell: 256 TiB. */
const amountMax = 2n ** 48n;

function checkAmount({ id, amount }: UsageRecord): void {
  if (amount < 0n || amount > amountMax)
    throw new AppError('invalid_request', `The amount of ${id} is out of range: give 0 to ${amountMax}.`);
}

function firstOf({ records, earlier }: LineUsage): Date {
  return new Date(Math.min(...[...records, ...earlier].map(({ at }) => at.getTime())));
}
