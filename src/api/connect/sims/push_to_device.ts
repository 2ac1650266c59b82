// A SIM is pushed to another device, which finds it by its EID without any code, while no device holds it.
import { AppError } from '../../../base/app_error.ts';
import { type Esim, getEsim } from '../../../modules/esims/index.ts';
import { pushProfile } from '../../../modules/smdp/index.ts';
import { write } from '../../../pg/write.ts';
import type { Call } from '../route.ts';
import { simOfPath } from './sim_of_path.ts';
import { writeStatus } from './sim_translate.ts';

/** The SIM of the path as it is then. Throws `not_found`, and `conflict` for one that a device holds or that has failed. */
export async function pushToDevice(
  call: Pick<Call, 'ctx' | 'core' | 'account' | 'params'>,
  eid: string,
): Promise<Esim> {
  const { ctx, core, account } = call;
  const esim = await simOfPath(call);
  checkFree(esim);
  const of = { accountId: account.id, iccid: esim.iccid, eid };
  await write(ctx, {}, (tx) => pushProfile({ ...tx, smdp: core.smdp }, of)).catch(refuseForeign);
  return await getEsim(ctx, { accountId: account.id, idOrIccid: esim.id });
}

function checkFree(esim: Esim): void {
  const { state, origin } = esim;
  if (origin === 'ordered' && (state === 'available' || state === 'deleted')) return;
  const why = state === 'failed' ? 'its download has failed: order another one' : 'a device holds it';
  throw new AppError(
    'conflict',
    `An EID is taken only while the SIM is Released, or deleted from its device. It is ${writeStatus(esim)}: ${why}.`,
  );
}

/** The eSIM is there: what is not there is its profile, at our SM-DP+. */
function refuseForeign(error: unknown): never {
  if (error instanceof AppError && error.code === 'not_found')
    throw new AppError('conflict', 'The profile of this SIM is held by another SM-DP+, which takes no EID.');
  throw error;
}
