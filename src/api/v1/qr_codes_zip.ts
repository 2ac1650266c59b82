// All QR codes of an order as one ZIP, made while it is sent: memory stays flat however large the order is.

import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { Zip, ZipPassThrough } from 'fflate';
import { AppError } from '../../base/app_error.ts';
import { qrPng } from '../../modules/activation/index.ts';
import { activationCodeOf, type Esim, listEsimsOfOrder } from '../../modules/esims/index.ts';
import type { Order } from '../../modules/orders/index.ts';
import type { Ctx } from '../http/core.ts';
import { csvHead, writeCsvLine } from './esims_csv.ts';

/** A stream of the archive. Throws `conflict`, with when to try again, while the order is not completed. */
export function qrCodesZip(ctx: Ctx, order: Order, baseUrl: string): Readable {
  checkCompleted(order);
  return Readable.from(makeZip(ctx, order, baseUrl), { objectMode: false });
}

const pageSize = 500;
// A picture takes 0.1 ms: other requests wait no longer than for these.
const picturesPerTurn = 20;

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

/** The list comes first, in a pass of its own over the eSIMs, so that none of it has to be kept. */
async function* makeZip(ctx: Ctx, order: Order, baseUrl: string): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    ready.push(chunk);
  });
  const list = addFile(zip, 'esims.csv', order.createdAt);
  list.push(Buffer.from(csvHead));
  for await (const page of pagesOf(ctx, order)) {
    list.push(Buffer.from(page.map((esim) => writeCsvLine(esim, baseUrl)).join('')));
    yield* ready.splice(0);
  }
  list.push(new Uint8Array(0), true);
  for await (const page of pagesOf(ctx, order)) {
    for (const [index, esim] of page.entries()) {
      addPicture(zip, esim);
      if (index % picturesPerTurn === 0) await setImmediate();
      yield* ready.splice(0);
    }
  }
  zip.end();
  yield* ready;
}

async function* pagesOf(ctx: Ctx, { id, accountId }: Order): AsyncGenerator<Esim[]> {
  let after = '';
  for (;;) {
    const page = await listEsimsOfOrder(ctx, { accountId, orderId: id, after, limit: pageSize });
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (page.length < pageSize || last === undefined) return;
    after = last.id;
  }
}

function addPicture(zip: Zip, esim: Esim): void {
  const code = activationCodeOf(esim);
  if (code !== null) addFile(zip, `${esim.iccid}.png`, esim.createdAt).push(qrPng(code), true);
}

function addFile(zip: Zip, name: string, mtime: Date): ZipPassThrough {
  const file = new ZipPassThrough(name);
  file.mtime = mtime;
  zip.add(file);
  return file;
}
