// The pairs that a caller can sign in with: an account's SID, or a key's own id, and the secret of an API key.
import { AppError } from '../../../base/app_error.ts';
import { type Id, isId } from '../../../base/ids.ts';
import { authenticateApiKey, type Credential } from '../../../modules/accounts/index.ts';
import type { Ctx } from '../../http/core.ts';
import { readSid } from '../wire/sid.ts';

/**
 * With the SID of an account any API key of it or of its parent, acting for that account; with that of a key (`SK…`,
 * `OQ…`, `key_…`) this key, acting for its own account. Undefined for every pair that does not fit.
 */
export async function authenticateClient(
  ctx: Ctx,
  { user, password }: { user: string; password: string },
): Promise<Credential | undefined> {
  const accountId = readSid('account', user);
  if (accountId !== undefined) return await ifKnown(authenticateApiKey(ctx, password, accountId));
  const apiKeyId = readKeyId(user);
  if (apiKeyId === undefined) return undefined;
  const credential = await ifKnown(authenticateApiKey(ctx, password));
  return credential?.apiKeyId === apiKeyId ? credential : undefined;
}

/** The credential, or undefined when there is none: an unknown account is told apart from a wrong secret by nobody. */
export async function ifKnown(credential: Promise<Credential>): Promise<Credential | undefined> {
  try {
    return await credential;
  } catch (error) {
    if (error instanceof AppError && (error.code === 'unauthenticated' || error.code === 'not_found'))
      return undefined;
    throw error;
  }
}

function readKeyId(user: string): Id<'apiKey'> | undefined {
  return isId('apiKey', user) ? user : (readSid('apiKey', user) ?? readSid('client', user));
}
