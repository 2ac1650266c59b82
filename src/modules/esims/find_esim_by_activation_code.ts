// The eSIM that an activation code is for, whosever it is: the code is the permission.
import type { Ctx } from '../../pg/ctx.ts';
import { findProfileByMatchingId } from '../smdp/index.ts';
import type { Esim } from './esim.ts';
import { findEsims } from './find_esims.ts';

/** Of those that our own SM-DP+ makes. */
export async function findEsimByActivationCode(
  ctx: Ctx,
  { smdpAddress, matchingId }: Pick<Esim, 'smdpAddress'> & { matchingId: string },
): Promise<Esim | undefined> {
  const profile = matchingId === '' ? undefined : await findProfileByMatchingId(ctx, matchingId);
  if (!profile) return undefined;
  const { accountId, iccid } = profile;
  const [esim] = await findEsims(ctx, { accountId, idsOrIccids: [iccid] });
  return esim?.smdpAddress === smdpAddress && esim.matchingId === matchingId ? esim : undefined;
}
