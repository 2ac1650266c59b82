// Access tokens: good for an hour, and never for longer or for more than the API key behind them.
import { z } from 'zod';
import type { Credential, Scope } from '../../../modules/accounts/index.ts';
import type { Core } from '../../http/core.ts';
import { createSignedTokens, type SignedTokens } from '../../http/signed_tokens.ts';
import type { Caller } from '../route.ts';

export const accessTokenSeconds = 3_600;

export type AccessTokens = {
  /** A token for this credential, with these of its scopes. */
  write(credential: Credential, dialect: Caller['dialect'], scopes: readonly Scope[]): Promise<string>;
  read: SignedTokens<z.output<z.ZodObject<typeof claims>>>['read'];
};

const claims = {
  /** The account that it acts for. */
  acc: z.string(),
  dialect: z.enum(['twilio', 'kore']),
  scope: z.string(),
};

export function createAccessTokens(core: Pick<Core, 'vault' | 'now'>): AccessTokens {
  const tokens = createSignedTokens(core, { purpose: 'access tokens', claims });
  return {
    write: (credential, dialect, scopes) =>
      tokens.write(
        credential,
        { acc: credential.account.id, dialect, scope: scopes.join(' ') },
        accessTokenSeconds,
      ),
    read: tokens.read,
  };
}
