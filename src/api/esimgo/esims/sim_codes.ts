// PIN and PUK of a SIM profile, which the vendor tells to whoever has the eSIM; nothing else of its secrets leaves this file.
import { AppError } from '../../../base/app_error.ts';
import type { Esim } from '../../../modules/esims/index.ts';
import { getSubscription } from '../../../modules/inventory/index.ts';
import type { Ctx } from '../../http/core.ts';

/** Of an eSIM of the account; empty where the profile has none, or is none of ours. */
export async function loadSimCodes(ctx: Ctx, { iccid }: Pick<Esim, 'iccid'>): Promise<SimCodes> {
  try {
    const { pin1 = '', puk1 = '' } = await getSubscription(ctx, iccid);
    return { pin: pin1, puk: puk1 };
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return { pin: '', puk: '' };
    throw error;
  }
}

export type SimCodes = { pin: string; puk: string };
