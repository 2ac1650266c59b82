// Who is calling: an API key of ours in the header that the vendor's clients send, checked before the body is read.
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../../base/app_error.ts';
import { authenticateApiKey, type Credential } from '../../../modules/accounts/index.ts';
import { type Core, ctxFor } from '../../http/core.ts';
import { EsimGoRefusal } from '../wire/errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    esimGoCredential: Credential | null;
  }
}

/** A hook that fills in `request.esimGoCredential`. Refuses with 403 and a reason: `missing_key`, `unknown_key`. */
export function authenticate(core: Core) {
  return async (request: FastifyRequest): Promise<void> => {
    const secret = readKey(request.headers);
    if (secret === undefined) throw accessDenied('missing_key');
    request.esimGoCredential = await authenticateApiKey(ctxFor(core, request), secret).catch(refuseUnknown);
  };
}

/** The vendor's words, and why in words for a program. */
export function accessDenied(reason: string, more?: Record<string, string>): EsimGoRefusal {
  return new EsimGoRefusal(403, 'access denied', reason, more);
}

/** `X-API-Key`, or else `Authorization: Bearer`. Undefined without either. */
function readKey(headers: IncomingHttpHeaders): string | undefined {
  const given = String(headers['x-api-key'] ?? '').trim();
  if (given !== '') return given.slice(0, keyCharsMax);
  return /^Bearer +([\x21-\x7e]{1,200})$/i.exec(headers.authorization ?? '')?.[1];
}

/** One character more than the longest key that could be right. */
const keyCharsMax = 201;

/** Unknown, revoked and expired keys are not told apart. */
function refuseUnknown(error: unknown): never {
  throw error instanceof AppError && error.code === 'unauthenticated' ? accessDenied('unknown_key') : error;
}
