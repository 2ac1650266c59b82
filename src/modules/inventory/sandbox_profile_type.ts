// The profile type of test SIMs: what sandboxes get, whatever a product is made from, so that they never take a live SIM.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import type { ProfileType } from './profile_type.ts';
import { createProfileType, findProfileType } from './profile_types.ts';

export const testProfileType = 'overair-usim';

/** The profile type of test SIMs, if there is one; not what else may have its name. */
export async function findTestProfileType(ctx: Ctx): Promise<ProfileType | undefined> {
  const type = await findProfileType(ctx, testProfileType);
  return type && isOfTestSims(type) ? type : undefined;
}

/**
 * The profile type of test SIMs, made now if there is none: `accountId`'s, or with null one of the whole installation.
 * Throws `conflict` when something else has its name. Call it in a `write`.
 */
export async function ensureTestProfileType(tx: Ctx, accountId: string | null): Promise<ProfileType> {
  const type = (await findProfileType(tx, testProfileType)) ?? (await makeType(tx, accountId));
  if (isOfTestSims(type)) return type;
  throw new AppError(
    'conflict',
    `The profile type ${testProfileType} of this installation is not one of generated test SIMs.`,
  );
}

function isOfTestSims({ package: imported, remote, core }: ProfileType): boolean {
  return imported === null && remote === null && core === 'simulated';
}

async function makeType(tx: Ctx, accountId: string | null): Promise<ProfileType> {
  try {
    return await createProfileType(tx, accountId, {
      name: testProfileType,
      personalisation: 'full',
      metadata: {
        serviceProviderName: 'Overair',
        profileName: 'Overair Sandbox',
        profileClass: 'operational',
      },
    });
  } catch (error) {
    // Another transaction made it meanwhile, and was waited for.
    const made = await findProfileType(tx, testProfileType);
    if (made) return made;
    throw error;
  }
}
