// Numbers and codes in the forms that they have in files and on cards, to the one form that we keep.
import { decodeImsi } from '../../../rsp/profile/card_encodings.ts';

/** An ICCID as digits: given so, padded with F to 20, or with the digits of each byte swapped as in EF_ICCID. */
export function readIccid(text: string): string {
  const value = text.toUpperCase();
  if (/^98[\dF]{18}$/.test(value)) return swapped(value).replace(/F$/, '');
  return /^\d{19}F$/.test(value) ? value.slice(0, -1) : value;
}

/** An IMSI as digits: given so, or as the 9 bytes of EF_IMSI, with the digits of each byte swapped or not. */
export function readImsi(text: string): string {
  if (!/^[0-9a-fA-F]{18}$/.test(text)) return text;
  return [text, swapped(text)].map((hex) => decodeImsi(Buffer.from(hex, 'hex'))).find(Boolean) ?? text;
}

/** E.164 with plus sign; files leave the sign out, or write 00 for it. */
export function readE164(text: string): string {
  if (/^00\d+$/.test(text)) return `+${text.slice(2)}`;
  return /^\d+$/.test(text) ? `+${text}` : text;
}

/** A PIN, PUK or ADM code: its digits, or the 8 bytes on the card in hex. */
export function readCode(text: string): string {
  if (!/^(3\d){4,8}F*$/i.test(text) || text.length !== 16) return text;
  return Buffer.from(text.replace(/F+$/i, ''), 'hex').toString('latin1');
}

function swapped(hex: string): string {
  return hex.replace(/(.)(.)/g, '$2$1');
}
