// Tokens of a door: JWTs signed by keys of the vault that say which API key is behind them, and for how long.
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Credential } from '../../modules/accounts/index.ts';
import type { Core } from './core.ts';

export type SignedTokens<C> = {
  /** A token for the key of this credential, good for `seconds`. */
  write(credential: Pick<Credential, 'apiKeyId'>, claims: C, seconds: number): Promise<string>;
  /** What a token says; undefined for one that is not ours, was changed, or is over. Its API key is not looked at here. */
  read(token: string): Promise<SignedClaims<C> | undefined>;
};

/** `sub` is the API key's id, `exp` the end in seconds since the epoch. */
export type SignedClaims<C> = C & { sub: string; exp: number };

/**
 * JWTs under HMAC-SHA-256: signed with the newest key of the vault, verified with each. Those of one purpose are nothing
 * for another one.
 */
export function createSignedTokens<S extends z.ZodRawShape>(
  core: Pick<Core, 'vault' | 'now'>,
  { purpose, claims: shape }: { purpose: string; claims: S },
): SignedTokens<z.output<z.ZodObject<S>>> {
  type Claims = z.output<z.ZodObject<S>>;
  const keys = core.vault.derivedKeys(purpose);
  const schema = z.object({ ...shape, sub: z.string(), exp: z.number() }) as unknown as z.ZodType<
    SignedClaims<Claims>
  >;
  // Those that were verified: that costs 150 microseconds and more, as much as all else of signing in.
  const held = new Map<string, SignedClaims<Claims>>();
  return {
    write({ apiKeyId }, claims, seconds) {
      const issuedAt = Math.floor(core.now().getTime() / 1000);
      return new SignJWT(claims as Record<string, unknown>)
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuer(issuer)
        .setSubject(apiKeyId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + seconds)
        .sign(keys[0] as Buffer);
    },
    async read(token) {
      const known = held.get(token);
      if (known && known.exp * 1000 > core.now().getTime()) return known;
      for (const key of keys) {
        const claims = schema.safeParse(await verified(key, token, core.now())).data;
        if (claims === undefined) continue;
        if (held.size >= heldMax) held.clear();
        held.set(token, claims);
        return claims;
      }
      return undefined;
    },
  };
}

const issuer = 'overair';
const heldMax = 10_000;

async function verified(key: Buffer, token: string, currentDate: Date): Promise<unknown> {
  try {
    const options = { algorithms: ['HS256'], issuer, currentDate, requiredClaims: ['exp'] };
    return (await jwtVerify(token, key, options)).payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
