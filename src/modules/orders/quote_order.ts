// A quote: what an order would cost and whether it could be placed, with nothing changed.
import { AppError } from '../../base/app_error.ts';
import { limits } from '../../base/limits.ts';
import { formatMinor } from '../../base/money.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { isOfSandbox } from '../accounts/index.ts';
import type { Catalogue } from '../catalogue/index.ts';
import { getProfileType, hasStock, testProfileType } from '../inventory/index.ts';
import { checkServed, isRemote } from '../remote_smdp/index.ts';
import { fault } from './check_line_form.ts';
import { checkInventory } from './lot_shares.ts';
import { newEsimsByProfileType } from './new_esims.ts';
import type { OrderLine, OrderLineInput } from './order.ts';
import { loadPricing, quantityOf } from './pricing.ts';
import { type PricingAtVolumes, quoteLine } from './quote_line.ts';
import { findVolumes } from './volumes.ts';
import { withQuantities } from './with_line.ts';

/**
 * Prices the lines as the account would pay them now and checks everything that can be checked without holding anything.
 * Throws `invalid_request`, `unknown_product`, `currency_mismatch`, `price_changed`, `not_found` (an eSIM to top up, a
 * branding), `bundle_not_compatible`, `stock_empty`, each with the field at fault, `conflict` when the inventory has too
 * few bundles, and `unknown_profile_type`.
 */
export async function quoteOrder(ctx: Ctx, input: QuoteOrder): Promise<Quote> {
  const pricing = await loadPricing(ctx, input);
  const volumes = await findVolumes(ctx, { accountId: input.accountId, products: pricing.byVolume });
  const quote = await quoteFrom(ctx, input, { ...pricing, volumes });
  await checkInventory(ctx, { accountId: input.accountId, lines: quote.lines });
  return quote;
}

/** The quote of these prices at these volumes. Throws what `quoteOrder` throws. */
export async function quoteFrom(ctx: Ctx, asked: QuoteOrder, pricing: PricingAtVolumes): Promise<Quote> {
  const { catalogue } = pricing;
  const profileType = await profileTypeFor(ctx, asked);
  const input = {
    ...asked,
    lines: withQuantities(asked.lines),
    ...(profileType !== undefined && { profileType }),
  };
  checkQuantities(input);
  const parts = await Promise.all(input.lines.map((_, index) => quoteLine(ctx, input, pricing, index)));
  const lines = parts.flat();
  if (input.whenStockIsEmpty !== 'fail') await checkStock(ctx, catalogue, lines);
  const totalMinor = lines.reduce((sum, line) => sum + line.totalMinor, 0n);
  checkExpectedTotal(input, totalMinor);
  return {
    lines,
    quantity: lines.reduce((sum, line) => sum + line.quantity, 0),
    totalMinor,
    currency: input.currency,
    catalogueRevision: catalogue.revision,
  };
}

export type QuoteOrder = {
  accountId: string;
  /** What the account is billed in. */
  currency: string;
  lines: readonly OrderLineInput[];
  /** Refuses to be charged anything else. */
  expected?: { totalMinor: bigint; currency: string };
  /** `refuse`, if left out: an order for more than is in stock is not taken. `fail`: it is taken, and fails. */
  whenStockIsEmpty?: 'refuse' | 'fail';
  /** Takes EIDs as documentation prints them, which no eUICC has. */
  allowMaskedEid?: boolean;
  /** New eSIMs are made from this profile type, whatever their products say; those of a sandbox are test SIMs always. */
  profileType?: string;
};

export type Quote = {
  lines: OrderLine[];
  quantity: number;
  totalMinor: bigint;
  currency: string;
  catalogueRevision: bigint;
};

/** A sandbox gets test SIMs only. Throws `unknown_profile_type`. */
async function profileTypeFor(
  ctx: Ctx,
  { accountId, profileType }: Pick<QuoteOrder, 'accountId' | 'profileType'>,
): Promise<string | undefined> {
  if (await isOfSandbox(ctx, accountId)) return testProfileType;
  if (profileType !== undefined) await getProfileType(ctx, profileType);
  return profileType;
}

function checkQuantities(input: QuoteOrder): void {
  const total = input.lines.reduce((sum, line) => sum + quantityOf(line), 0);
  if (input.lines.length === 0 || input.lines.length > limits.linesPerOrderMax)
    throw fault('lines', `give 1 to ${limits.linesPerOrderMax} lines`);
  if (total > limits.quantityPerOrderMax)
    throw fault(
      'lines',
      `an order is for at most ${limits.quantityPerOrderMax} eSIMs, this one is for ${total}`,
    );
}

/** An order for more than there is would only fail later: refuse it now. Two orders for the last one may still both pass here. */
async function checkStock(ctx: Ctx, catalogue: Catalogue, lines: readonly OrderLine[]): Promise<void> {
  for (const [profileType, quantity] of newEsimsByProfileType(catalogue, lines)) {
    const needed = await getProfileType(ctx, profileType);
    if (isRemote(needed)) await checkServed(ctx, needed);
    else if (!(await hasStock(ctx, needed.id, quantity))) {
      throw new AppError(
        'stock_empty',
        `There are fewer than ${quantity} SIM profiles of type ${profileType} in stock.`,
        { fields: [{ field: 'lines', detail: 'order fewer, or later' }] },
      );
    }
  }
}

function checkExpectedTotal({ expected, currency }: QuoteOrder, totalMinor: bigint): void {
  if (!expected) return;
  if (expected.currency !== currency) {
    throw new AppError('currency_mismatch', `This account is billed in ${currency}.`, {
      fields: [{ field: 'expectedTotal.currency', detail: `give ${currency}` }],
    });
  }
  if (expected.totalMinor !== totalMinor) {
    throw new AppError('price_changed', `The total is ${formatMinor(totalMinor, currency)} ${currency}.`, {
      fields: [{ field: 'expectedTotal.amount', detail: `now ${formatMinor(totalMinor, currency)}` }],
    });
  }
}
