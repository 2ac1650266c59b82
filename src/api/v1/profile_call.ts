// What the routes of one profile share: how it is named, and what is told along with it.
import { z } from 'zod';
import { findEsims } from '../../modules/esims/index.ts';
import { profileTypeNames } from '../../modules/inventory/index.ts';
import type { OperatedProfile, OperatorCtx } from '../../modules/smdp/index.ts';
import { iccidKey, profile } from './profiles_schemas.ts';
import type { AboutProfiles } from './profiles_translate.ts';
import type { Call } from './route.ts';

export const profileParams = z.strictObject({ iccid: iccidKey });

export const asItIsNow = { status: 200, description: 'The profile as it is now.', schema: profile } as const;

export type ProfileId = { accountId: string; iccid: string };
export type ProfileCall = Call<z.output<typeof profileParams>, unknown, unknown>;

export function idOf({ account, params: { iccid } }: ProfileCall): ProfileId {
  return { accountId: account.id, iccid };
}

export function operatorCtx({ ctx, core }: Pick<Call, 'ctx' | 'core'>): OperatorCtx {
  return { ...ctx, smdp: core.smdp };
}

/** The names of their types, and their eSIMs. */
export async function findAbout(
  { ctx, account }: Pick<Call, 'ctx' | 'account'>,
  found: readonly OperatedProfile[],
): Promise<AboutProfiles> {
  const idsOrIccids = found.map(({ iccid }) => iccid);
  return {
    typeNames: await profileTypeNames(
      ctx,
      found.map(({ profileTypeId }) => profileTypeId),
    ),
    esims: await findEsims(ctx, { accountId: account.id, idsOrIccids }),
  };
}
