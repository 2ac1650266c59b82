// Money that comes in by one way stays within what that way lets in on a day.
import { AppError } from '../../base/app_error.ts';
import { formatMinor } from '../../base/money.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { putIn, type ToppedUp, type TopUp } from './top_up.ts';

/**
 * Tops up like `topUp`, as long as the account's top-ups with the same reference come to at most `dayMaxMinor` on its day
 * (UTC). Throws `conflict` when it would be more, and `invalid_request`. Call it in a `write`.
 */
export async function topUpWithinDay(
  tx: Ctx,
  { dayMaxMinor, ...input }: TopUp & { dayMaxMinor: bigint },
): Promise<ToppedUp> {
  const { accountId, currency, reference } = input;
  // Two at once would both find room for themselves: the second one waits for the wallet.
  await query(tx.db, lockWallet, [accountId, currency]);
  const day = startOfDay(tx.now);
  const values = [accountId, currency, reference, day, new Date(day.getTime() + dayMs)];
  const [row] = await query<{ day_minor: bigint }>(tx.db, sumOfDay, values);
  const leftMinor = dayMaxMinor - (row?.day_minor ?? 0n);
  if (input.amountMinor > leftMinor)
    throw new AppError('conflict', tooMuch(leftMinor, dayMaxMinor, currency));
  return await putIn(tx, input);
}

const dayMs = 86_400_000;

function startOfDay(time: Date): Date {
  return new Date(Math.floor(time.getTime() / dayMs) * dayMs);
}

function tooMuch(leftMinor: bigint, dayMaxMinor: bigint, currency: string): string {
  const [left, most] = [leftMinor, dayMaxMinor].map((minor) => formatMinor(minor, currency));
  return `At most ${most} ${currency} can be topped up in a day (UTC), and ${left} ${currency} are left of today's.`;
}

const lockWallet = `
  insert into ledger.wallets as w (account_id, currency) values ($1, $2)
  on conflict (account_id, currency) do update set currency = excluded.currency`;

const sumOfDay = `
  select coalesce(sum(amount_minor), 0)::bigint as day_minor from ledger.transfers
  where account_id = $1 and currency = $2 and reason = 'top_up' and reference = $3
    and created_at >= $4 and created_at < $5`;
