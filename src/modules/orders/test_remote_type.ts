// For tests: an account that has a remote SM-DP+, and a profile type that this serves under the name `THEIRS`.
import type { Ctx } from '../../pg/ctx.ts';
import { write } from '../../pg/write.ts';
import { findProfileType } from '../inventory/index.ts';
import {
  createRemoteType,
  type PutRemoteSmdp,
  putRemoteSmdp,
  type RemoteSmdp,
} from '../remote_smdp/index.ts';

/** Puts the server, and adds the profile type `remote-usim` unless it is there. */
export async function registerRemote(
  ctx: Ctx,
  accountId: string,
  settings: Omit<PutRemoteSmdp, 'accountId'>,
  typeName = 'remote-usim',
): Promise<RemoteSmdp> {
  return await write(ctx, {}, async (tx) => {
    const server = await putRemoteSmdp(tx, { ...settings, accountId });
    if (!(await findProfileType(tx, typeName)))
      await createRemoteType(tx, accountId, {
        name: typeName,
        personalisation: 'full',
        metadata: { serviceProviderName: 'Theirs', profileName: 'Travel', profileClass: 'operational' },
        remote: { smdp: server.name, profileType: 'THEIRS' },
      });
    return server;
  });
}
