// An order is priced and offered to the database once: accepted with everything that belongs to it, or not at all.
import { newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { write } from '../../pg/write.ts';
import { actorName } from '../events/index.ts';
import type { OrderToAccept } from './accept_orders_sql.ts';
import { fault } from './check_line_form.ts';
import { inTurn } from './in_turn.ts';
import { lockShares, takeShares } from './lot_shares.ts';
import type { Order, OrderDevice } from './order.ts';
import { type FinalVerdict, submitOrder } from './order_desk.ts';
import { loadPricing } from './pricing.ts';
import { type Quote, type QuoteOrder, quoteFrom } from './quote_order.ts';
import { countOrder, lockVolumes, type Volumes } from './volumes.ts';

/**
 * Prices an order and offers it once. Where the price goes by volume, the volume is locked from before the order is
 * priced until it is on disk; so are the lots that its bundles are taken from. Throws what `quoteOrder` throws, and
 * `unavailable` when too many wait.
 */
export async function offerOrder(ctx: Ctx, input: PlaceOrder, inputHash: Uint8Array): Promise<Offer> {
  checkDevice(input.device);
  const pricing = await loadPricing(ctx, input);
  const { accountId } = input;
  const { byVolume: products } = pricing;
  const takesShares = input.lines.some((line) => line.fromInventory);
  const offer = async (at: Ctx, volumes: Volumes): Promise<Offer> => {
    const quote = await quoteFrom(at, input, { ...pricing, volumes });
    const lines = takesShares ? await lockShares(at, { accountId, lines: quote.lines }) : quote.lines;
    const order = newOrder(at, input, { ...quote, lines });
    const verdict = await submitOrder(at, orderToAccept(at, input, { order, quote, inputHash }));
    return { order, quote, verdict };
  };
  if (products.length === 0 && !takesShares) return await offer(ctx, new Map());
  const offerLocked = async (tx: Ctx) => {
    const offered = await offer(tx, await lockVolumes(tx, { accountId, products }));
    if (offered.verdict === 'accepted') await countOrder(tx, offered.order);
    if (offered.verdict === 'accepted' && takesShares) await takeShares(tx, offered.order.lines);
    return offered;
  };
  if (ctx.db.isTransaction) return await offerLocked(ctx);
  return await inTurn(ctx, accountId, () => write(ctx, {}, offerLocked));
}

export type PlaceOrder = QuoteOrder & {
  reference?: string;
  /** Whom it is for: the id of a customer of the account, which the caller knows to be one. */
  customerId?: string;
  /** The device it is meant for; each member up to 200 characters. */
  device?: OrderDevice;
  idempotencyKey?: string;
  /** What else a repetition of the key must have in common: what is written along with the order. */
  along?: readonly unknown[] | undefined;
};

type Offer = { order: Order; quote: Quote; verdict: FinalVerdict };

const deviceCharsMax = 200;

function checkDevice(device: OrderDevice | undefined): void {
  const long = Object.entries(device ?? {}).find(([, text]) => text.length > deviceCharsMax);
  if (long) throw fault(`device.${long[0]}`, `give at most ${deviceCharsMax} characters`);
}

function orderToAccept(
  { actor }: Ctx,
  { idempotencyKey = null }: { idempotencyKey?: string | null },
  { order, quote, inputHash }: { order: Order; quote: Quote; inputHash: Uint8Array },
): OrderToAccept {
  return {
    order,
    idempotencyKey,
    inputHash,
    actor: actorName(actor),
    catalogueRevision: quote.catalogueRevision,
  };
}

function newOrder(ctx: Ctx, input: PlaceOrder, quote: Quote): Order {
  return {
    id: newId('order', ctx.now.getTime()),
    accountId: input.accountId,
    status: 'accepted',
    lines: quote.lines,
    customerId: input.customerId ?? null,
    device: input.device ?? null,
    quantity: quote.quantity,
    fulfilled: 0,
    totalMinor: quote.totalMinor,
    currency: quote.currency,
    reference: input.reference ?? null,
    failure: null,
    requestId: ctx.requestId,
    createdAt: ctx.now,
    endedAt: null,
  };
}
