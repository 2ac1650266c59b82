// Tokens of the Connect door: an access token for five minutes, and one to ask for the next with for thirty.
import { z } from 'zod';
import type { Core } from '../../http/core.ts';
import { createSignedTokens, type SignedTokens } from '../../http/signed_tokens.ts';

export const accessTokenSeconds = 300;
export const refreshTokenSeconds = 1_800;

const claims = {
  /** `Bearer` opens the API, `Refresh` is exchanged for new tokens. */
  use: z.enum(['Bearer', 'Refresh']),
  realm: z.string(),
  roles: z.array(z.string()),
};

export type ConnectTokens = SignedTokens<z.output<z.ZodObject<typeof claims>>>;

export function createConnectTokens(core: Pick<Core, 'vault' | 'now'>): ConnectTokens {
  return createSignedTokens(core, { purpose: 'connect tokens', claims });
}
