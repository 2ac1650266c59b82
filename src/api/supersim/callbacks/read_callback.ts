// The callback that a form asks for, checked before anything is written: where it leads, what it tells, what signs it.
import { getDoor } from '../../../modules/accounts/index.ts';
import { checkCallbackUrl, outgoingOf } from '../../../modules/webhooks/index.ts';
import type { Call } from '../route.ts';

/**
 * What is to be done about a callback: null to take it away (an empty URL), undefined for nothing (neither URL nor method
 * given). Throws `invalid_request` naming `field` for a URL that may not be called; a host that does not resolve is taken, as
 * the vendors do. It asks the name server: not within a `write`.
 */
export async function readCallback(
  { ctx, account, caller }: CallbackCall,
  { url: given, method, field }: GivenCallback,
): Promise<WantedCallback | null | undefined> {
  if (given === null || given === '') return null;
  if (given === undefined && method === undefined) return undefined;
  // What stands behind # is not sent. KORE's clients chose by `#cbs=` who calls.
  const url = given?.replace(/#.*$/s, '');
  if (url !== undefined) await checkCallbackUrl(outgoingOf(ctx), url, { field, unresolved: 'taken' });
  const { settings, hasSigningSecret } = await getDoor(ctx, { accountId: account.id, door: 'supersim' });
  return {
    url,
    method,
    dialect: caller.dialect,
    tells: settings.callbackEvents ?? (caller.dialect === 'twilio' ? 'available' : 'all'),
    // What the account set signs for itself: a password that is not needed is not kept.
    secret: hasSigningSecret ? null : caller.authToken,
  };
}

/** Who asks for it. */
export type CallbackCall = Pick<Call, 'ctx' | 'caller'> & { account: Pick<Call['account'], 'id'> };

/** As a form gives it: undefined for what is not there. `field` is the name of the URL. */
export type GivenCallback = {
  url: string | null | undefined;
  method: 'GET' | 'POST' | undefined;
  field: string;
};

export type WantedCallback = {
  /** Undefined to keep the URL that is there. */
  url: string | undefined;
  /** Undefined for the one that is there where it is a setting, else POST. */
  method: 'GET' | 'POST' | undefined;
  dialect: 'twilio' | 'kore';
  /** Of an eSIM's life. */
  tells: 'available' | 'all';
  /** Signs it unless the account has set a secret for this door. */
  secret: string | null;
};
