// For tests: a callback set as an account sets it, and told to receivers on loopback.
import { type DoorSettings, putDoor } from '../../../modules/accounts/index.ts';
import { esimGoTypes, putDialectEndpoint } from '../../../modules/webhooks/index.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { write } from '../../../pg/write.ts';
import { openTestDesk } from '../../http/test_callbacks.ts';
import { esimGoDialects } from './dialect.ts';

/** The callback of this account, and a desk that may call loopback. */
export function openCallbacks(
  ctx: Ctx,
  { accountId, url }: { accountId: string; url: string },
): TestCallbacks {
  const tellAll = openTestDesk(ctx, esimGoDialects());
  return {
    async set(settings, secret = null) {
      await write(ctx, {}, async (tx) => {
        await putDoor(tx, { accountId, door: 'esimgo', settings });
        await putDialectEndpoint(tx, { accountId, dialect: 'esim_go', url, types: esimGoTypes, secret });
      });
    },
    tellAll: () => tellAll(new Date()),
  };
}

export type TestCallbacks = {
  /** Sets `url` as the callback, signed with `secret`. */
  set(settings: Partial<DoorSettings['esimgo']>, secret?: string | null): Promise<void>;
  /** Passes on all events, and sends all that is due. */
  tellAll(): Promise<void>;
};
