// The secrets that sign what is sent to a target: made at random, sealed for the target, and replaced with an overlap.
import { randomBytes } from 'node:crypto';
import type { Vault } from '../../../base/vault.ts';

/** `until` is when it stops signing, in the time of the account; null for the newest. */
export type SigningSecret = { secret: string; until: Date | null };

/** 32 random bytes in the form of Standard Webhooks. */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** `secret` in front of those that still sign; the one it replaces does for 24 hours. */
export function replaceSecret(old: readonly SigningSecret[], secret: string, now: Date): SigningSecret[] {
  const end = new Date(now.getTime() + overlapMs);
  const overlapping = old
    .map((each) => ({ ...each, until: each.until ?? end }))
    .filter((each) => each.until > now);
  return [{ secret, until: null }, ...overlapping].slice(0, secretsMax);
}

/** What signs at `now`, newest first. */
export function validSecrets(secrets: readonly SigningSecret[], now: Date): string[] {
  return secrets.filter(({ until }) => until === null || until > now).map((each) => each.secret);
}

export function sealSecrets(vault: Vault, targetId: string, secrets: readonly SigningSecret[]): Buffer {
  return vault.seal(Buffer.from(JSON.stringify(secrets)), targetId);
}

export function openSecrets(vault: Vault, targetId: string, sealed: Uint8Array): SigningSecret[] {
  const read: { secret: string; until: string | null }[] = JSON.parse(
    vault.open(sealed, targetId).toString(),
  );
  return read.map(({ secret, until }) => ({ secret, until: until === null ? null : new Date(until) }));
}

const overlapMs = 24 * 3_600_000;
// Rotating more often than this within a day ends the oldest one early.
const secretsMax = 5;
