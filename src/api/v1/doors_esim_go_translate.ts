// The door of the eSIM Go API between the wire and the core.
import type { z } from 'zod';
import type { Door } from '../../modules/accounts/index.ts';
import type { Endpoint } from '../../modules/webhooks/index.ts';
import type { esimGoDoor } from './doors_esim_go_schemas.ts';

export function writeEsimGoDoor(
  { settings, hasSigningSecret }: Door<'esimgo'>,
  callback: Endpoint | undefined,
): z.output<typeof esimGoDoor> {
  const { callbackVersion, signatureEncoding, organisation } = settings;
  return {
    callbackUrl: callback?.url ?? null,
    callbackWebhook: callback?.id ?? null,
    callbackVersion,
    signatureEncoding,
    organisation,
    hasSigningSecret,
  };
}
