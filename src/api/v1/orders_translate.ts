// Orders between the wire and the core: pure, no rule and no input or output.
import type { z } from 'zod';
import type { Credential } from '../../modules/accounts/index.ts';
import type { Order, OrderLine, PlaceOrder, Quote, QuoteOrder } from '../../modules/orders/index.ts';
import { readMoney, writeMoney, writeTime } from './money_translate.ts';
import type { order, placeOrderBody, quote, quoteOrderBody } from './orders_schemas.ts';

export function readQuoteOrder(
  body: z.output<typeof quoteOrderBody>,
  account: Credential['account'],
): QuoteOrder {
  return {
    accountId: account.id,
    currency: account.currency,
    lines: body.lines.map(({ activatesAt, downloadBy, ...line }) => ({
      ...line,
      ...(activatesAt !== undefined && { activatesAt: new Date(activatesAt) }),
      ...(downloadBy !== undefined && { downloadBy: new Date(downloadBy) }),
    })),
    ...(body.expectedTotal && {
      expected: {
        totalMinor: readMoney(body.expectedTotal, 'expectedTotal'),
        currency: body.expectedTotal.currency,
      },
    }),
  };
}

export function readPlaceOrder(
  body: z.output<typeof placeOrderBody>,
  account: Credential['account'],
  idempotencyKey: string | undefined,
): PlaceOrder {
  return {
    ...readQuoteOrder(body, account),
    ...(body.reference !== undefined && { reference: body.reference }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  };
}

export function writeQuote({ lines, quantity, totalMinor, currency }: Quote): z.output<typeof quote> {
  return {
    lines: lines.map((line) => writeLine(line, currency)),
    quantity,
    total: writeMoney(totalMinor, currency),
  };
}

export function writeOrder(from: Order, baseUrl: string): z.output<typeof order> {
  const self = orderUrl(from.id, baseUrl);
  return {
    id: from.id,
    status: from.status,
    lines: from.lines.map((line) => writeLine(line, from.currency)),
    quantity: from.quantity,
    fulfilled: from.fulfilled,
    total: writeMoney(from.totalMinor, from.currency),
    reference: from.reference,
    customerId: from.customerId,
    device: from.device,
    failure: from.failure,
    createdAt: from.createdAt.toISOString(),
    endedAt: writeTime(from.endedAt),
    links: { self, esims: `${self}/esims`, qrCodes: `${self}/qr-codes.zip` },
  };
}

export function orderUrl(id: string, baseUrl: string): string {
  return `${baseUrl}/v1/orders/${id}`;
}

function writeLine(line: OrderLine, currency: string): z.output<typeof quote>['lines'][number] {
  return {
    product: line.product,
    quantity: line.quantity,
    requestLine: line.requestLine,
    unitPrice: writeMoney(line.unitPriceMinor, currency),
    total: writeMoney(line.totalMinor, currency),
    esims: line.esimIds,
    withLine: line.withLine,
    delivery: line.delivery,
    eid: line.eid,
    confirmationCodeRequired: line.sealedConfirmationCode !== null,
    assign: line.assign,
    activatesAt: writeTime(line.activatesAt),
    downloadBy: writeTime(line.downloadBy),
    allowReassign: line.allowReassign,
    fromInventory: line.fromInventory,
    lots: line.lots.map(({ lotId: id, quantity }) => ({ id, quantity })),
    branding: line.brandingId ?? null,
  };
}
