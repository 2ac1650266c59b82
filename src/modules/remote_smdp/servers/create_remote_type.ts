// A profile type whose profiles a remote SM-DP+ makes.
import { AppError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { createProfileType, type NewProfileType, type ProfileType } from '../../inventory/index.ts';
import { getRemoteSmdp } from './find_remote_smdps.ts';

/**
 * Adds a profile type of the account that its remote SM-DP+ `remote.smdp` serves under the name `remote.profileType`.
 * Throws what `createProfileType` throws, and `invalid_request` when there is no such server. Call it in a `write`.
 */
export async function createRemoteType(
  tx: Ctx,
  accountId: string,
  input: NewRemoteType,
): Promise<ProfileType> {
  const { smdp, profileType } = input.remote;
  const { id: serverId } = await getRemoteSmdp(tx, { accountId, name: smdp }).catch((cause: unknown) => {
    if (!(cause instanceof AppError) || cause.code !== 'not_found') throw cause;
    const detail = 'there is no remote SM-DP+ of this name: put it first';
    throw new AppError('invalid_request', `remote.smdp: ${detail}.`, {
      fields: [{ field: 'remote.smdp', detail }],
    });
  });
  return await createProfileType(tx, accountId, { ...input, remote: { serverId, smdp, profileType } });
}

export type NewRemoteType = Omit<NewProfileType, 'remote'> & {
  remote: { smdp: string; profileType: string };
};
