// Stock, for operators: how much there is, and what comes in.
import type { z } from 'zod';
import { checkSandbox } from '../../modules/accounts/index.ts';
import {
  addStock,
  type GeneratedBatch,
  generateStock,
  getProfileTypeOf,
  listStockLevels,
} from '../../modules/inventory/index.ts';
import { readIdempotencyKey } from '../http/idempotency_key.ts';
import { writeOnce } from '../http/write_once.ts';
import { type Call, type Route, route } from './route.ts';
import { batch, newBatchBody, stockLevels } from './stock_schemas.ts';
import { readSubscription, writeBatch } from './stock_translate.ts';

const batchBodyBytesMax = 8 * 1024 * 1024;

export const stockRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/stock',
    operationId: 'getStock',
    summary: 'Get the stock of every profile type',
    scope: 'operator',
    response: { status: 200, description: 'SIM profiles that can be ordered now.', schema: stockLevels },
    errors: [],
    handler: async ({ ctx, account }) => ({ data: await listStockLevels(ctx, account.id) }),
  }),
  route({
    method: 'POST',
    path: '/stock/batches',
    operationId: 'addStock',
    summary: 'Add a batch of SIM profiles',
    description: 'All of them or none.',
    scope: 'operator',
    body: newBatchBody,
    bodyBytesMax: batchBodyBytesMax,
    idempotent: true,
    response: { status: 201, description: 'The batch.', schema: batch },
    errors: ['unknown_profile_type', 'duplicate_iccid', 'conflict', 'idempotency_key_reused'],
    handler: async (call) => writeBatch(call.ctx, call.body.profileType, await addBatch(call)),
  }),
];

type AddStock = Call<unknown, unknown, z.output<typeof newBatchBody>>;

/** Codes are sealed in the answer that is kept for a repetition. */
function addBatch({ ctx, account, body, request }: AddStock): Promise<GeneratedBatch> {
  const { generate, registrationCodes = false, profiles = [] } = body;
  if (generate !== undefined) checkSandbox(account);
  const key = readIdempotencyKey(request);
  const once = { accountId: account.id, operation: 'stock.add', key, input: body };
  return writeOnce(ctx, once, async (tx) => {
    const profileType = await getProfileTypeOf(tx, account.id, body.profileType);
    const of = { accountId: account.id, profileType };
    if (generate !== undefined) return await generateStock(tx, { ...of, count: generate, registrationCodes });
    const subscriptions = profiles.map(readSubscription);
    return { ...(await addStock(tx, { ...of, source: 'imported', subscriptions })), sealedCodes: null };
  });
}
