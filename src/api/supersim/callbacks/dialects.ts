// The two vendors' ways to tell a callback: the same parameters, signed differently.
import { openSigningSecret } from '../../../modules/accounts/index.ts';
import { type Dialect, koreRequest, type Telling, twilioRequest } from '../../../modules/webhooks/index.ts';
import type { Ctx } from '../../http/core.ts';
import { findTopic } from './topics.ts';

/** For `createDeliveryDesk`. */
export function superSimDialects(): { twilio: Dialect; kore: Dialect } {
  return {
    twilio: told(({ method, url }, params, secret) => twilioRequest({ method, url, params, secret })),
    kore: told(({ id, method, url, sentAt }, params, secret) =>
      koreRequest({ id, method, url, sentAt, params, secret }),
    ),
  };
}

type Write = (
  telling: Telling,
  params: Readonly<Record<string, string>>,
  secret: string | undefined,
) => ReturnType<typeof twilioRequest>;

function told(writeRequest: Write): Dialect {
  return async (ctx, telling) => {
    const params = await findTopic(telling.topic)?.params(ctx, telling.event);
    return params ? writeRequest(telling, params, await secretOf(ctx, telling)) : null;
  };
}

/** What the account has set for this door by now, else the password of who set the callback. */
async function secretOf(ctx: Ctx, { event, secrets }: Telling): Promise<string | undefined> {
  const set = await openSigningSecret(ctx, { accountId: event.accountId, door: 'supersim' });
  return set ?? secrets[0];
}
