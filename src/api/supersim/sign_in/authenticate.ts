// Who is calling: Basic, an access token or an API key, and what he may do, checked before the body is read.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../../base/app_error.ts';
import {
  authenticateApiKey,
  authenticateApiKeyId,
  type Credential,
  type Scope,
} from '../../../modules/accounts/index.ts';
import { type Core, type Ctx, ctxFor } from '../../http/core.ts';
import { readBasic } from '../../http/read_basic.ts';
import type { Caller } from '../route.ts';
import type { AccessTokens } from './access_token.ts';
import { authenticateClient, ifKnown } from './authenticate_client.ts';
import { callerDialect } from './caller_dialect.ts';

declare module 'fastify' {
  interface FastifyRequest {
    superSimCaller: SignedIn | null;
  }
}

export type SignedIn = { credential: Credential; caller: Caller };

/**
 * A hook that fills in `request.superSimCaller`. Throws `unauthenticated`, and `forbidden` without `scope`; a KORE token
 * that is no good has an answer of its own, which is sent here.
 */
export function authenticate(core: Core, tokens: AccessTokens, scope: Scope) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const signedIn = await signIn(ctxFor(core, request), tokens, request);
    if (!signedIn) return refuse(request, reply);
    request.superSimCaller = signedIn;
    if (!signedIn.credential.scopes.includes(scope))
      throw new AppError('forbidden', `These credentials do not have the scope ${scope}.`);
    return undefined;
  };
}

async function signIn(
  ctx: Ctx,
  tokens: AccessTokens,
  request: FastifyRequest,
): Promise<SignedIn | undefined> {
  const { authorization } = request.headers;
  const basic = readBasic(authorization);
  if (basic !== undefined) return signInBasic(ctx, basic);
  const bearer = readBearer(authorization);
  if (bearer === undefined) return undefined;
  // Only a token has dots; an API key has none.
  if (bearer.includes('.')) return signInToken(ctx, tokens, bearer);
  const credential = await ifKnown(authenticateApiKey(ctx, bearer));
  return credential && { credential, caller: { dialect: callerDialect(request), authToken: null } };
}

async function signInBasic(
  ctx: Ctx,
  basic: { user: string; password: string },
): Promise<SignedIn | undefined> {
  const credential = await authenticateClient(ctx, basic);
  return credential && { credential, caller: { dialect: 'twilio', authToken: basic.password } };
}

/** The key behind the token must still be valid, and have the scopes that the token has. */
async function signInToken(ctx: Ctx, tokens: AccessTokens, token: string): Promise<SignedIn | undefined> {
  const claims = await tokens.read(token);
  if (claims === undefined) return undefined;
  const held = await ifKnown(authenticateApiKeyId(ctx, claims.sub, claims.acc));
  if (held === undefined) return undefined;
  const granted = claims.scope.split(' ');
  const credential = { ...held, scopes: held.scopes.filter((scope) => granted.includes(scope)) };
  return { credential, caller: { dialect: claims.dialect, authToken: null } };
}

function readBearer(header: string | undefined): string | undefined {
  return header === undefined ? undefined : /^Bearer +([\x21-\x7e]{1,2000})$/i.exec(header)?.[1];
}

/** RFC 6750 §3 and RFC 7617 §2: the answer says how to sign in. */
function refuse(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const isBearer = /^Bearer /i.test(request.headers.authorization ?? '');
  reply.header(
    'www-authenticate',
    isBearer ? 'Bearer realm="overair", error="invalid_token"' : 'Basic realm="overair"',
  );
  if (!isBearer || callerDialect(request) !== 'kore') throw new AppError('unauthenticated', 'Authenticate');
  return reply.code(403).header('content-type', 'application/json').send(JSON.stringify(koreTokenRefusal));
}

const koreTokenRefusal = {
  message: 'User is not authorized to access this resource with an explicit deny',
  error: 'Invalid or expired token',
};
