// Which of the two vendors a caller takes us for: his token says it, else how he signs in, else the host he calls.
import type { FastifyRequest } from 'fastify';
import { decodeJwt } from 'jose';
import type { Caller } from '../route.ts';

/**
 * Basic is Twilio's way to sign in; an access token names its dialect (believed here before it is verified: nothing but
 * the looks of a refusal hangs on it); with anything else the host decides: one with `kore` in its name is KORE's.
 */
export function callerDialect({
  headers,
  host,
}: Pick<FastifyRequest, 'headers' | 'host'>): Caller['dialect'] {
  const { authorization = '' } = headers;
  if (/^Basic /i.test(authorization)) return 'twilio';
  return claimedDialect(authorization) ?? (host.toLowerCase().includes('kore') ? 'kore' : 'twilio');
}

function claimedDialect(authorization: string): Caller['dialect'] | undefined {
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  if (token === undefined) return undefined;
  try {
    const { dialect } = decodeJwt(token);
    return dialect === 'kore' || dialect === 'twilio' ? dialect : undefined;
  } catch {
    return undefined;
  }
}
