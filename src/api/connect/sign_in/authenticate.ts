// Who is calling: an access token of ours, whose API key still opens the account, checked before the body is read.
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../../base/app_error.ts';
import { authenticateApiKeyId, type Credential, type Scope } from '../../../modules/accounts/index.ts';
import { type Core, ctxFor } from '../../http/core.ts';
import type { ConnectTokens } from './connect_tokens.ts';
import { preproductionOf } from './preproduction.ts';

declare module 'fastify' {
  interface FastifyRequest {
    connectCredential: Credential | null;
  }
}

type Wanted = { scope: Scope; isPreproduction: boolean };

/** A hook that fills in `request.connectCredential`. Throws `unauthenticated`, and `forbidden` without `scope`. */
export function authenticate(core: Core, tokens: ConnectTokens, { scope, isPreproduction }: Wanted) {
  return async (request: FastifyRequest): Promise<void> => {
    const [, token = ''] = /^Bearer +([\x21-\x7e]{1,4000})$/i.exec(request.headers.authorization ?? '') ?? [];
    const claims = await tokens.read(token);
    if (claims?.use !== 'Bearer')
      throw new AppError(
        'unauthenticated',
        'The access token is missing, not valid or expired: ask for a new one.',
      );
    const ctx = ctxFor(core, request);
    const credential = await authenticateApiKeyId(ctx, claims.sub);
    if (!credential.scopes.includes(scope))
      throw new AppError('forbidden', `The role of this client does not allow this: its key lacks ${scope}.`);
    request.connectCredential = isPreproduction ? await preproductionOf(ctx, credential) : credential;
  };
}
