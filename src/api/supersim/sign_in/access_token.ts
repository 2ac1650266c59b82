// Access tokens: signed by keys of the vault, good for an hour, and never for longer than the API key behind them.
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Credential, Scope } from '../../../modules/accounts/index.ts';
import type { Core } from '../../http/core.ts';
import type { Caller } from '../route.ts';

export const accessTokenSeconds = 3_600;

export type AccessTokens = {
  /** A token for this credential, with these of its scopes. */
  write(credential: Credential, dialect: Caller['dialect'], scopes: readonly Scope[]): Promise<string>;
  /** What a token says; undefined for one that is not ours, was changed, or is over. Its key is not looked at here. */
  read(token: string): Promise<AccessClaims | undefined>;
};

export type AccessClaims = z.output<typeof accessClaims>;

/** JWTs under HMAC-SHA-256: signed with the newest key of the vault, verified with each. */
export function createAccessTokens(core: Pick<Core, 'vault' | 'now'>): AccessTokens {
  const keys = core.vault.derivedKeys('access tokens');
  // Those that were verified: that costs 150 microseconds and more, as much as all else of signing in.
  const held = new Map<string, AccessClaims>();
  return {
    write(credential, dialect, scopes) {
      const issuedAt = Math.floor(core.now().getTime() / 1000);
      return new SignJWT({ acc: credential.account.id, dialect, scope: scopes.join(' ') })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuer(issuer)
        .setSubject(credential.apiKeyId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + accessTokenSeconds)
        .sign(keys[0] as Buffer);
    },
    async read(token) {
      const known = held.get(token);
      if (known && known.exp * 1000 > core.now().getTime()) return known;
      const claims = await readSigned(token, keys, core.now());
      if (claims === undefined) return undefined;
      if (held.size >= heldMax) held.clear();
      held.set(token, claims);
      return claims;
    },
  };
}

const issuer = 'overair';
const heldMax = 10_000;

const accessClaims = z.object({
  /** The API key's id. */
  sub: z.string(),
  /** The account that it acts for. */
  acc: z.string(),
  dialect: z.enum(['twilio', 'kore']),
  scope: z.string(),
  /** When it ends, in seconds since the epoch. */
  exp: z.number(),
});

async function readSigned(
  token: string,
  keys: readonly Buffer[],
  now: Date,
): Promise<AccessClaims | undefined> {
  for (const key of keys) {
    const claims = await readSignedBy(key, token, now);
    if (claims !== undefined) return claims;
  }
  return undefined;
}

async function readSignedBy(key: Buffer, token: string, now: Date): Promise<AccessClaims | undefined> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      issuer,
      currentDate: now,
      requiredClaims: ['exp'],
    });
    return accessClaims.safeParse(payload).data;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
