// The SIM that a request names by its ICCID: one of another client is answered as one that there is not.
import { AppError } from '../../../base/app_error.ts';
import { type Esim, findEsims } from '../../../modules/esims/index.ts';
import type { Call } from '../route.ts';

type Asked = Pick<Call, 'ctx' | 'account'>;

/** The account's SIM with this ICCID, if it has one. */
export async function findSim({ ctx, account }: Asked, iccid: string): Promise<Esim | undefined> {
  if (!/^\d{18,20}$/.test(iccid)) return undefined;
  const [esim] = await findEsims(ctx, { accountId: account.id, idsOrIccids: [iccid] });
  return esim;
}

/** The same. Throws `not_found`. */
export async function simOfIccid(call: Asked, iccid: string): Promise<Esim> {
  const esim = await findSim(call, iccid);
  if (!esim) throw new AppError('not_found', 'There is no SIM with this ICCID.');
  return esim;
}

/** The SIM of `{iccid}` in the path. Throws `not_found`. */
export function simOfPath(call: Asked & Pick<Call, 'params'>): Promise<Esim> {
  return simOfIccid(call, call.params['iccid'] ?? '');
}
