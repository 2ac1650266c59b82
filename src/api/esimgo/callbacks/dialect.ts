// How a callback of this door is told: JSON in the version that the account has set; version 3 is signed.
import { getDoor, openSigningSecret } from '../../../modules/accounts/index.ts';
import { type Dialect, esimGoRequest, type Telling } from '../../../modules/webhooks/index.ts';
import type { Ctx } from '../../http/core.ts';
import { writeAlert } from './alert.ts';

/** For `createDeliveryDesk`. */
export function esimGoDialects(): { esim_go: Dialect } {
  return { esim_go: tell };
}

const tell: Dialect = async (ctx, telling) => {
  const { event, url, id } = telling;
  const { settings } = await getDoor(ctx, { accountId: event.accountId, door: 'esimgo' });
  const { callbackVersion: version, signatureEncoding: encoding } = settings;
  const json = await writeAlert(ctx, event, version);
  if (!json) return null;
  const secret = version === 3 ? await secretOf(ctx, telling) : undefined;
  const request = esimGoRequest({ url, json, secret, encoding });
  // The same for each attempt, since what is told at least once must be known again.
  return { ...request, headers: { ...request.headers, 'webhook-id': id } };
};

/** What the account has set for this door by now, else the API key that set the URL. */
async function secretOf(ctx: Ctx, { event, secrets }: Telling): Promise<string | undefined> {
  const set = await openSigningSecret(ctx, { accountId: event.accountId, door: 'esimgo' });
  return set ?? secrets[0];
}
