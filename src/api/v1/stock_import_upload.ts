// A file of stock on its way in: read as it comes, kept once for an Idempotency-Key, and forgotten when it is refused.
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { AppError } from '../../base/app_error.ts';
import {
  dropImport,
  getImport,
  receiveImport,
  type StockImport,
  startImport,
} from '../../modules/inventory/index.ts';
import { readIdempotencyKey } from '../http/idempotency_key.ts';
import { writeOnce } from '../http/write_once.ts';
import type { Call } from './route.ts';
import type { importQuery } from './stock_imports_schemas.ts';
import { readNewImport } from './stock_imports_translate.ts';

/** The import that the file became, or had become already. */
export async function receiveStockFile(
  call: Call<unknown, z.output<typeof importQuery>, unknown>,
): Promise<StockImport> {
  const { ctx, account, query, request } = call;
  const key = readIdempotencyKey(request);
  const body = partsOf(request.body as Readable | undefined);
  const received = await receiveImport(ctx, { ...readNewImport(account.id, query), body });
  const input = { ...query, sha256: received.sha256 };
  try {
    const { id } = await writeOnce(
      ctx,
      { accountId: account.id, operation: 'stock.import', key, input },
      async (tx) => {
        await startImport(tx, received);
        return { id: received.id };
      },
    );
    return await getImport(ctx, { accountId: account.id, id });
  } finally {
    // One that was started is not touched: only a repetition or a refusal leaves a file behind.
    await dropImport(ctx, received.id);
  }
}

/** A request that is refused in the middle is read to its end, so that its answer arrives and its connection can go on. */
async function* partsOf(body: Readable | undefined): AsyncGenerator<Uint8Array> {
  if (body === undefined) return;
  try {
    for await (const part of body.iterator({ destroyOnReturn: false })) yield part;
  } catch (cause) {
    throw new AppError('invalid_request', 'The file ended before all of it had come.', { cause });
  } finally {
    body.resume();
  }
}
