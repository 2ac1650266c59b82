// The eSIM that a path names by its ICCID: one of another organisation is answered as one that there is not.
import { type Esim, findEsims } from '../../../modules/esims/index.ts';
import type { Call } from '../route.ts';
import { EsimGoRefusal } from '../wire/errors.ts';

/** The account's eSIM with the ICCID `iccid`. Refuses with 400, in the same words whatever is wrong with the ICCID. */
export async function esimOfIccid(call: Pick<Call, 'ctx' | 'account'>, iccid: string): Promise<Esim> {
  const [esim] = /^\d{18,20}$/.test(iccid)
    ? await findEsims(call.ctx, { accountId: call.account.id, idsOrIccids: [iccid] })
    : [];
  if (!esim) throw new EsimGoRefusal(400, 'Your organisation has no eSIM with this ICCID.', 'unknown_iccid');
  return esim;
}

/** The same for the ICCID in the path. */
export async function esimOfPath(call: Pick<Call, 'ctx' | 'account' | 'params'>): Promise<Esim> {
  return await esimOfIccid(call, call.params['iccid'] ?? '');
}
