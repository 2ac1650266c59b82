// SIM profiles from the wire to the core, and batches back.
import type { z } from 'zod';
import { fromHex } from '../../base/bytes.ts';
import { type GeneratedBatch, type NewStock, openRegistrationCodes } from '../../modules/inventory/index.ts';
import type { Ctx } from '../http/core.ts';
import type { batch, newBatchBody } from './stock_schemas.ts';

type SimProfile = NonNullable<z.output<typeof newBatchBody>['profiles']>[number];

export function readSubscription({
  ki,
  opc,
  otaKeys,
  ...same
}: SimProfile): NewStock['subscriptions'][number] {
  return {
    ...same,
    ki: fromHex(ki),
    opc: fromHex(opc),
    ...(otaKeys && {
      otaKeys: { kic: fromHex(otaKeys.kic), kid: fromHex(otaKeys.kid), kik: fromHex(otaKeys.kik) },
    }),
  };
}

export function writeBatch(
  ctx: Ctx,
  profileType: string,
  { batchId, size, sealedCodes }: GeneratedBatch,
): z.output<typeof batch> {
  return {
    id: batchId,
    profileType,
    size,
    ...(sealedCodes && { registrationCodes: openRegistrationCodes(ctx, { batchId, sealedCodes }) }),
  };
}
