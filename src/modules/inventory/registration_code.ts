// Registration codes: what is printed on a SIM card and proves that one has it, so they are kept sealed.
import { hash, randomInt, timingSafeEqual } from 'node:crypto';
import type { Ctx } from '../../pg/ctx.ts';

export function isRegistrationCode(text: string): boolean {
  return /^[A-Z0-9]{8,32}$/.test(text);
}

/** A new one of 10 characters (50 random bits), none that look alike. */
export function newRegistrationCode(): string {
  return Array.from({ length: 10 }, () => alphabet[randomInt(alphabet.length)]).join('');
}

const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** The sealed form of a card's code; null for a SIM profile that has none. */
export function sealRegistrationCode(
  ctx: Pick<Ctx, 'vault'>,
  { iccid, registrationCode }: Card,
): Buffer | null {
  return registrationCode === undefined ? null : ctx.vault.seal(Buffer.from(registrationCode), iccid);
}

type Card = { iccid: string; registrationCode?: string };

/** True when `code` is the one that was sealed for this ICCID; it takes as long for a wrong one. */
export function isSealedCode(
  ctx: Pick<Ctx, 'vault'>,
  { iccid, sealed, code }: { iccid: string; sealed: Uint8Array; code: string },
): boolean {
  const digests = [ctx.vault.open(sealed, iccid), code].map((each) => hash('sha256', each, 'buffer'));
  const [known, given] = digests as [Buffer, Buffer];
  return timingSafeEqual(known, given);
}

/** The codes of a batch as one sealed value, for whoever asked for the batch. */
export function sealBatchCodes(ctx: Pick<Ctx, 'vault'>, batchId: string, cards: readonly Card[]): Buffer {
  const codes = cards.map(({ iccid, registrationCode }) => ({ iccid, registrationCode }));
  return ctx.vault.seal(Buffer.from(JSON.stringify(codes)), batchId);
}

/** The registration codes of a batch of generated SIM cards. */
export function openRegistrationCodes(
  ctx: Pick<Ctx, 'vault'>,
  { batchId, sealedCodes }: { batchId: string; sealedCodes: Uint8Array },
): RegistrationCode[] {
  return JSON.parse(ctx.vault.open(sealedCodes, batchId).toString());
}

export type RegistrationCode = { iccid: string; registrationCode: string };
