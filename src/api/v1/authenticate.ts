// Who is calling: the Bearer key, its account and its scopes, checked before the body is read.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../base/app_error.ts';
import { isId } from '../../base/ids.ts';
import { authenticateApiKey, type Credential, type Scope } from '../../modules/accounts/index.ts';
import { type Core, ctxFor } from '../http/core.ts';

declare module 'fastify' {
  interface FastifyRequest {
    credential: Credential | null;
  }
}

/**
 * A hook that fills in `request.credential`. Throws `unauthenticated`, `forbidden` when the key lacks `scope`, and
 * `not_found` when the header Overair-Account names no subaccount of the key's account.
 */
export function authenticate(core: Core, scope: Scope) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const secret = readBearer(request.headers.authorization);
    if (secret === undefined) throw challenge(reply, '', 'Give an API key: Authorization: Bearer ovr_….');
    const accountId = readAccountId(request.headers['overair-account']);
    const ctx = ctxFor(core, request);
    const credential = await authenticateApiKey(ctx, secret, accountId).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'unauthenticated') throw error;
      throw challenge(reply, ', error="invalid_token"', error.detail);
    });
    if (!credential.scopes.includes(scope))
      throw new AppError('forbidden', `This API key does not have the scope ${scope}.`);
    request.credential = credential;
  };
}

/** RFC 6750 §3: the answer says how to authenticate. */
function challenge(reply: FastifyReply, more: string, detail: string): AppError {
  reply.header('www-authenticate', `Bearer realm="overair"${more}`);
  return new AppError('unauthenticated', detail);
}

/** The subaccount that the key acts for. What cannot be one is refused as an unknown one is. */
function readAccountId(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && isId('account', header)) return header;
  throw new AppError('not_found', 'Overair-Account: there is no such account.');
}

/** The key, if the header has one. */
export function readBearer(header: string | undefined): string | undefined {
  return header === undefined ? undefined : /^Bearer +([\x21-\x7e]{1,200})$/i.exec(header)?.[1];
}
