// For tests: callbacks set as a caller of this door sets them, and told to receivers on loopback.
import type { Ctx } from '../../../pg/ctx.ts';
import { write } from '../../../pg/write.ts';
import { openTestDesk } from '../../http/test_callbacks.ts';
import type { Caller } from '../route.ts';
import { superSimDialects } from './dialects.ts';
import { type KeptCallback, keepCallback } from './keep_callback.ts';
import { type GivenCallback, readCallback } from './read_callback.ts';

/** A desk that may call loopback, and knows the public host `receiver.example`. */
export function openCallbacks(ctx: Ctx): TestCallbacks {
  const tellAll = openTestDesk(ctx, superSimDialects(), ['receiver.example']);
  return {
    async set(caller, { url, method, field = 'CallbackUrl', ...kept }) {
      const call = { ctx, caller, account: { id: kept.accountId } };
      const callback = await readCallback(call, { url, method, field });
      await write(ctx, {}, (tx) => keepCallback(tx, call, { ...kept, callback }));
    },
    tellAll,
  };
}

export type TestCallbacks = {
  set(caller: Caller, callback: SetCallback): Promise<void>;
  /** Passes on all events, and sends all that is due at `now`. */
  tellAll(now?: Date): Promise<void>;
};

export type SetCallback = Omit<KeptCallback, 'callback'> & {
  accountId: `acc_${string}`;
} & Partial<GivenCallback>;

export const twilioCaller: Caller = { dialect: 'twilio', authToken: 'ovr_password-of-the-caller' };
export const koreCaller: Caller = { dialect: 'kore', authToken: null };
