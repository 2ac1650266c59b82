// The numbers of telecoms as digit strings: Luhn, ICCID, EID, and the nibble orders they travel in.
import { AppError } from './app_error.ts';

/** The Luhn check digit (ISO/IEC 7812) of a string of digits. */
export function luhnDigit(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const weighted = i % 2 === 0 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return String((10 - (sum % 10)) % 10);
}

/** True for 19 or 20 digits that start with 89 (ITU-T E.118) and end with their Luhn digit. */
export function isIccid(text: string): boolean {
  return /^89\d{17,18}$/.test(text) && luhnDigit(text.slice(0, -1)) === text.at(-1);
}

/** True for 32 digits with valid check digits (SGP.02 §2.2.2: ISO 7064 MOD 97-10, remainder 1). */
export function isEid(text: string): boolean {
  return /^\d{32}$/.test(text) && BigInt(text) % 97n === 1n;
}

/** True for an EID as documentation prints it: its last six digits hidden behind as many letters a. */
export function isMaskedEid(text: string): boolean {
  return /^\d{26}a{6}$/.test(text);
}

/** An EID of 30 digits completed by its two check digits. */
export function completeEid(first30: string): string {
  const check = 98n - ((BigInt(first30) * 100n) % 97n);
  return first30 + String(check).padStart(2, '0');
}

/** Digits as BCD, first digit in the high nibble, `F`-padded to `length` bytes (SAIP header order). */
export function toBcd(digits: string, length: number): Uint8Array {
  if (!/^\d*$/.test(digits) || digits.length > length * 2)
    throw new AppError('invalid_request', `not up to ${length * 2} digits`);
  return Buffer.from(digits.padEnd(length * 2, 'F'), 'hex');
}

/** Digits as BCD with the nibbles of each byte swapped, `F`-padded to `length` bytes (EF_ICCID order, SGP.22 Iccid). */
export function toSwappedBcd(digits: string, length: number): Uint8Array {
  return swapNibbles(toBcd(digits, length));
}

/** The digits of `toBcd`, padding dropped. Throws `invalid_request` when a nibble is no digit. */
export function fromBcd(bytes: Uint8Array): string {
  const digits = Buffer.from(bytes).toString('hex').replace(/f+$/, '');
  if (!/^\d*$/.test(digits)) throw new AppError('invalid_request', 'not BCD digits');
  return digits;
}

/** The digits of `toSwappedBcd`. Throws `invalid_request` when a nibble is no digit. */
export function fromSwappedBcd(bytes: Uint8Array): string {
  return fromBcd(swapNibbles(bytes));
}

function swapNibbles(bytes: Uint8Array): Uint8Array {
  return Buffer.from(bytes.map((byte) => ((byte << 4) | (byte >> 4)) & 0xff));
}
