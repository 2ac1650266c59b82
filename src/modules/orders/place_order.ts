// An order is placed: priced, paid and on disk, or refused with nothing changed.
import { hash } from 'node:crypto';
import { AppError } from '../../base/app_error.ts';
import { sameBytes } from '../../base/bytes.ts';
import { formatMinor } from '../../base/money.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { refreshCatalogue } from '../catalogue/index.ts';
import { getWallet } from '../ledger/index.ts';
import { findOrderOfKey, type OrderOfKey } from './find_orders.ts';
import { offerOrder, type PlaceOrder } from './offer_order.ts';
import type { Order, OrderLineInput } from './order.ts';
import type { Quote } from './quote_order.ts';

/**
 * Places an order and gives it in status `accepted`; the same key and input again give the same order as it is now. In a
 * transaction, the order and its hold are part of it.
 * Throws what `quoteOrder` throws, `insufficient_funds`, `idempotency_key_reused`, and `unavailable` when too many wait.
 */
export async function placeOrder(ctx: Ctx, input: PlaceOrder): Promise<Order> {
  const inputHash = hashInput(ctx, input);
  const place = () => placeNewOrder(ctx, input, inputHash);
  try {
    const mayBeRepeated = input.idempotencyKey !== undefined;
    return await (mayBeRepeated && ctx.db.isTransaction ? inSavepoint(ctx, place) : place());
  } catch (error) {
    // What a repetition would be refused for now does not matter if it was accepted then.
    const earlier = await findOrderOfKey(ctx, input);
    if (earlier) return repeatedOrder(earlier, inputHash);
    throw error;
  }
}

const staleAttemptsMax = 5;
const noHash = new Uint8Array();

/** A statement that fails in a transaction fails all that follow, unless it is undone: then the key can be looked up. */
async function inSavepoint<T>(tx: Ctx, run: () => Promise<T>): Promise<T> {
  await query(tx.db, 'savepoint place_order');
  try {
    const result = await run();
    await query(tx.db, 'release savepoint place_order');
    return result;
  } catch (error) {
    await query(tx.db, 'rollback to savepoint place_order').catch(() => {
      throw error;
    });
    throw error;
  }
}

async function placeNewOrder(ctx: Ctx, input: PlaceOrder, inputHash: Uint8Array): Promise<Order> {
  for (let attempt = 1; attempt <= staleAttemptsMax; attempt++) {
    const { order, quote, verdict } = await offerOrder(ctx, input, inputHash);
    if (verdict === 'accepted') return order;
    if (verdict === 'insufficient_funds') throw await insufficientFunds(ctx, quote, input.accountId);
    if (verdict === 'seen') throw new AppError('idempotency_key_reused');
    await refreshCatalogue(ctx);
  }
  throw new AppError('unavailable', 'The catalogue keeps changing: try again.', { retryAfterSeconds: 1 });
}

function repeatedOrder({ order, inputHash }: OrderOfKey, repeatedHash: Uint8Array): Order {
  if (!sameBytes(inputHash, repeatedHash)) throw new AppError('idempotency_key_reused');
  return order;
}

async function insufficientFunds(ctx: Ctx, quote: Quote, accountId: string): Promise<AppError> {
  const { availableMinor } = await getWallet(ctx, { accountId, currency: quote.currency });
  const [total, available] = [quote.totalMinor, availableMinor].map((minor) =>
    formatMinor(minor, quote.currency),
  );
  return new AppError(
    'insufficient_funds',
    `The order costs ${total} ${quote.currency}, and ${available} is available.`,
  );
}

/** What a repetition of the key is compared with; nothing without a key. Every member has its place, so no sorting is needed. */
function hashInput(ctx: Ctx, input: PlaceOrder): Uint8Array {
  const { idempotencyKey, accountId, currency, reference, expected, lines, along } = input;
  const { customerId, device, profileType } = input;
  if (idempotencyKey === undefined) return noHash;
  const total = expected && [expected.totalMinor.toString(), expected.currency];
  const parts = lines.map((line) => [
    line.product,
    line.quantity,
    line.esims,
    line.delivery,
    line.eid,
    line.confirmationCode && ctx.vault.fingerprint(line.confirmationCode).toString('hex'),
    // Left out where they are not given: orders of before there were any keep their hash.
    ...optionsOf(line),
  ]);
  return hash(
    'sha256',
    JSON.stringify([
      accountId,
      currency,
      reference,
      total,
      parts,
      ...(along ? [along] : []),
      ...((customerId ?? device ?? profileType) === undefined
        ? []
        : [
            {
              customerId,
              device: device && [device.id, device.type, device.make, device.model],
              profileType,
            },
          ]),
    ]),
    'buffer',
  );
}

/** Options that came later are in the hash only when they are given, so that keys of before still match. */
function optionsOf(line: OrderLineInput): unknown[] {
  const { assign, activatesAt, downloadBy, allowReassign, fromInventory, withLine, branding } = line;
  if ((allowReassign ?? fromInventory ?? withLine) !== undefined || branding !== undefined)
    // JSON has no undefined in a list; in an object, what is left out differs from null.
    return [assign, activatesAt, downloadBy, { allowReassign, fromInventory, branding, withLine }];
  if (downloadBy !== undefined) return [assign, activatesAt, downloadBy];
  return assign === undefined && activatesAt === undefined ? [] : [assign, activatesAt];
}
