// All QR codes of an order as one ZIP, once the order is completed.
import type { Readable } from 'node:stream';
import { AppError } from '../../base/app_error.ts';
import { type Esim, listEsimsOfOrder } from '../../modules/esims/index.ts';
import type { Order } from '../../modules/orders/index.ts';
import type { Ctx } from '../http/core.ts';
import { qrCodesZip } from '../http/qr_codes_zip.ts';
import { csvHead, writeCsvLine } from './esims_csv.ts';

/** A stream of the archive. Throws `conflict`, with when to try again, while the order is not completed. */
export function qrCodesOfOrder(ctx: Ctx, order: Order, baseUrl: string): Readable {
  checkCompleted(order);
  return qrCodesZip(ctx, {
    at: order.createdAt,
    pages: () => pagesOf(ctx, order),
    csv: { name: 'esims.csv', head: csvHead, line: ({ esim }) => writeCsvLine(esim, baseUrl) },
  });
}

const pageSize = 500;

function checkCompleted({ status }: Order): void {
  if (status === 'completed') return;
  const isWaiting = status === 'accepted' || status === 'fulfilling';
  throw new AppError(
    'conflict',
    isWaiting
      ? `The order is ${status}: its codes are not all there yet.`
      : `The order is ${status}: it has no codes.`,
    isWaiting ? { retryAfterSeconds: 1 } : {},
  );
}

async function* pagesOf(ctx: Ctx, { id, accountId }: Order): AsyncGenerator<{ esim: Esim }[]> {
  for (let after = ''; ; ) {
    const page = await listEsimsOfOrder(ctx, { accountId, orderId: id, after, limit: pageSize });
    if (page.length > 0) yield page.map((esim) => ({ esim }));
    const last = page.at(-1);
    if (page.length < pageSize || last === undefined) return;
    after = last.id;
  }
}
