// New eSIMs, made in the write that fulfils their order, ready to be installed.
import type { Ctx } from '../../pg/ctx.ts';
import { emit } from '../events/index.ts';
import { activationCodeOf, type Esim } from './esim.ts';
import { type EsimToInsert, insertEsims } from './insert_esims.ts';

/** Makes these eSIMs in state `available`. Call it in a `write`. */
export async function createEsims(ctx: Ctx, items: readonly NewEsim[]): Promise<Esim[]> {
  const esims = await insertEsims(
    ctx,
    items.map(({ requestId: _, ...item }) => ({
      ...item,
      origin: 'ordered',
      state: 'available',
      enabled: false,
    })),
  );
  await emit(
    ctx,
    ...esims.flatMap((each, index) => {
      const { accountId, orderId, iccid, eid, smdpAddress, matchingId } = each;
      const at = { accountId, resourceId: each.id, requestId: items[index]?.requestId ?? ctx.requestId };
      const known = { orderId, iccid, eid, smdpAddress };
      return [
        { ...at, type: 'esim.reserved' as const, data: known },
        {
          ...at,
          type: 'esim.available' as const,
          data: { ...known, matchingId, activationCode: activationCodeOf(each) },
        },
      ];
    }),
  );
  return esims;
}

export type NewEsim = Pick<
  Esim,
  'accountId' | 'iccid' | 'msisdn' | 'eid' | 'smdpAddress' | 'matchingId' | 'confirmationCodeRequired'
> &
  Pick<EsimToInsert, 'id' | 'brandingId' | 'createdAt'> & {
    orderId: string;
    /** Of the request that ordered it. */
    requestId: string;
  };
