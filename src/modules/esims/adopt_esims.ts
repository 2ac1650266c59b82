// eSIMs that no order made: their profile is installed already, on an eUICC by its maker or as a SIM card.
import type { Ctx } from '../../pg/ctx.ts';
import { emit } from '../events/index.ts';
import type { Esim } from './esim.ts';
import { insertEsims } from './insert_esims.ts';

/** Makes these eSIMs in state `installed`, and tells it. Call it in a `write`. */
export async function adoptEsims(tx: Ctx, items: readonly AdoptedEsim[]): Promise<Esim[]> {
  const esims = await insertEsims(
    tx,
    items.map((item) => ({ ...item, ...installedByOthers, enabled: item.origin === 'card' })),
  );
  await emit(
    tx,
    ...esims.map(({ id, accountId, iccid, eid, state, origin }) => ({
      accountId,
      type: 'esim.installed' as const,
      resourceId: id,
      data: { iccid, state, origin, ...(eid !== null && { eid }) },
    })),
  );
  return esims;
}

export type AdoptedEsim = Pick<Esim, 'accountId' | 'iccid' | 'msisdn' | 'eid'> & {
  origin: 'preinstalled' | 'card';
};

/** No SM-DP+ has it, so there is nothing to download. */
const installedByOthers = {
  orderId: null,
  state: 'installed',
  smdpAddress: '',
  matchingId: null,
  confirmationCodeRequired: false,
} as const;
