// One line of an order is priced and checked: with nothing held, and nothing changed.
import { createHash } from 'node:crypto';
import { AppError } from '../../base/app_error.ts';
import { present } from '../../base/assert.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { getBranding } from '../branding/index.ts';
import { otherSpelling, type PriceTier, type Product } from '../catalogue/index.ts';
import { checkLineForm } from './check_line_form.ts';
import { loadCompatibleEsims, loadEsimsToTopUp } from './load_esims_to_top_up.ts';
import { confirmationCodeOwner, type OrderLine, type OrderLineInput } from './order.ts';
import { type OrderToPrice, type Pricing, quantityOf, unitPriceAt } from './pricing.ts';
import { isServedRemotely } from './served_remotely.ts';
import type { Volumes } from './volumes.ts';
import { lineOfEsims } from './with_line.ts';

/**
 * The line at `index` as it would be ordered: two of them when some of its eSIMs have to be replaced by new ones. Throws
 * what `quoteOrder` throws for a line.
 */
export async function quoteLine(
  ctx: Ctx,
  input: OrderToQuote,
  pricing: PricingAtVolumes,
  index: number,
): Promise<OrderLine[]> {
  const line = present(input.lines[index], 'a line to quote');
  const at = `lines[${index}]`;
  const product = productOf(pricing, line, at);
  const tiers = line.fromInventory ? [] : tiersOf(input, pricing, product, at);
  checkLineForm(ctx, {
    line,
    product,
    at,
    allowMaskedEid: input.allowMaskedEid ?? false,
    esimsOf: lineOfEsims(input.lines, index),
  });
  const esimIds = line.esims ? await loadEsims(ctx, input.accountId, line, product, at) : [];
  const brandingId = await loadBrandingId(ctx, input.accountId, line, at);
  const profileType = line.withLine === undefined ? (input.profileType ?? null) : null;
  const isRemote = await isServedRemotely(ctx, { line, type: profileType ?? product.profileType, at });
  // What is in the inventory was paid for.
  const unitPriceMinor = line.fromInventory ? 0n : unitPriceAt(tiers, input.lines, index, pricing.volumes);
  const part = (quantity: number, ids: string[] | null): OrderLine => ({
    product: product.name,
    quantity,
    unitPriceMinor,
    totalMinor: unitPriceMinor * BigInt(quantity),
    esimIds: ids,
    withLine: line.withLine ?? null,
    profileType: ids === null && line.assign !== false ? profileType : null,
    delivery: line.delivery ?? 'activation_code',
    eid: line.eid ?? null,
    ...sealedCodes(ctx, line.confirmationCode, isRemote),
    assign: line.assign ?? true,
    activatesAt: line.activatesAt ?? null,
    downloadBy: line.downloadBy ?? null,
    counted: tiers.length > 1,
    requestLine: index,
    allowReassign: line.allowReassign ?? false,
    fromInventory: line.fromInventory ?? false,
    lots: [],
    brandingId,
  });
  const isNew = quantityOf(line) - esimIds.length;
  return [
    ...(esimIds.length > 0 ? [part(esimIds.length, esimIds)] : []),
    ...(isNew > 0 ? [part(isNew, null)] : []),
  ];
}

export type PricingAtVolumes = Pricing & { volumes: Volumes };

type OrderToQuote = OrderToPrice & {
  /** Takes EIDs as documentation prints them, which no eUICC has. */
  allowMaskedEid?: boolean;
  /** New eSIMs are made from this profile type, whatever their products say. */
  profileType?: string;
};

function productOf({ catalogue }: PricingAtVolumes, line: OrderLineInput, at: string): Product {
  const product = catalogue.byName.get(line.product);
  // What is in the inventory can be used though it is not sold any more.
  if (product && (product.state === 'active' || line.fromInventory)) return product;
  const other = otherSpelling(catalogue, line.product);
  throw new AppError(
    'unknown_product',
    `There is no product named ${JSON.stringify(line.product)}: names are case-sensitive${other === undefined ? '' : `, and there is ${other}`}.`,
    { fields: [{ field: `${at}.product`, detail: 'not in the catalogue' }] },
  );
}

function tiersOf(
  { currency }: OrderToQuote,
  { prices }: PricingAtVolumes,
  product: Product,
  at: string,
): readonly PriceTier[] {
  const tiers = prices(product, currency);
  if (tiers.length > 0) return tiers;
  throw new AppError(
    'currency_mismatch',
    `${product.name} has no price in ${currency}, the currency of this account.`,
    { fields: [{ field: `${at}.product`, detail: `sold in ${Object.keys(product.prices).join(', ')}` }] },
  );
}

async function loadEsims(
  ctx: Ctx,
  accountId: string,
  { esims = [], allowReassign }: OrderLineInput,
  product: Product,
  at: string,
): Promise<string[]> {
  const load = allowReassign ? loadCompatibleEsims : loadEsimsToTopUp;
  return (await load(ctx, { accountId, wanted: esims, product, at: `${at}.` })).map(({ id }) => id);
}

async function loadBrandingId(
  ctx: Ctx,
  accountId: string,
  { branding }: OrderLineInput,
  at: string,
): Promise<string | null | undefined> {
  if (branding === undefined || branding === null) return branding;
  try {
    return (await getBranding(ctx, { accountId, idOrName: branding })).id;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not_found') throw error;
    const fields = [{ field: `${at}.branding`, detail: 'there is no such one' }];
    throw new AppError('not_found', error.detail, { fields });
  }
}

type SealedCodes = Pick<OrderLine, 'sealedConfirmationCode' | 'remoteConfirmationCode'>;

function sealedCodes({ vault }: Ctx, code: string | undefined, isRemote: boolean): SealedCodes {
  if (code === undefined) return { sealedConfirmationCode: null, remoteConfirmationCode: null };
  const seal = (secret: Uint8Array) => vault.seal(secret, confirmationCodeOwner).toString('base64');
  return {
    sealedConfirmationCode: seal(createHash('sha256').update(code).digest()),
    remoteConfirmationCode: isRemote ? seal(Buffer.from(code)) : null,
  };
}
