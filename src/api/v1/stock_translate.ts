// SIM profiles from the wire to the core.
import type { z } from 'zod';
import { fromHex } from '../../base/bytes.ts';
import type { NewStock } from '../../modules/inventory/index.ts';
import type { newBatchBody } from './stock_schemas.ts';

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
