// Every code and OTA key of a card: as given, and what is missing derived from Ki, so that it is secret and repeatable.
import { createHmac } from 'node:crypto';
import type { OtaKeys, Subscription } from './subscription.ts';

export type CardCodes = {
  pin1: string;
  pin2: string;
  puk1: string;
  puk2: string;
  adm1: string;
  otaKeys: OtaKeys;
};

/**
 * PIN1 and PIN2 default to `0000`: the user sets them. PUKs, ADM1 and OTA keys default to values of
 * HMAC-SHA-512(Ki, "card codes" + ICCID): no card shares them, and nobody without Ki can know them.
 */
export function completeCodes(subscription: Subscription): CardCodes {
  const { pin1 = '0000', pin2 = '0000', puk1, puk2, adm1, otaKeys } = subscription;
  if (puk1 && puk2 && adm1 && otaKeys) return { pin1, pin2, puk1, puk2, adm1, otaKeys };
  const secret = createHmac('sha512', subscription.ki).update(`card codes ${subscription.iccid}`).digest();
  return {
    pin1,
    pin2,
    puk1: puk1 ?? eightDigits(secret, 48),
    puk2: puk2 ?? eightDigits(secret, 52),
    adm1: adm1 ?? eightDigits(secret, 56),
    otaKeys: otaKeys ?? {
      kic: secret.subarray(0, 16),
      kid: secret.subarray(16, 32),
      kik: secret.subarray(32, 48),
    },
  };
}

function eightDigits(secret: Buffer, at: number): string {
  return String(secret.readUInt32BE(at) % 100_000_000).padStart(8, '0');
}
