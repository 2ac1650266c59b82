// How the values of a subscription are written in card files and codes (3GPP TS 31.102, TS 31.103).
import { asBuffer } from '../../base/bytes.ts';
import { fromSwappedBcd, toSwappedBcd } from '../../base/digits.ts';

/** EF_IMSI (TS 31.102 §4.2.2): 9 bytes for 6 to 15 digits. */
export function encodeImsi(imsi: string): Uint8Array {
  const odd = imsi.length % 2 === 1;
  const content = Buffer.alloc(9, 0xff);
  content[0] = Math.floor(imsi.length / 2) + 1;
  content.set(toSwappedBcd(`${odd ? 9 : 1}${imsi}`, 8), 1);
  return content;
}

/** The digits of EF_IMSI; undefined when the content is no IMSI. */
export function decodeImsi(content: Uint8Array): string | undefined {
  const length = content[0] ?? 0;
  if (length < 1 || length > 8 || content.length < 9) return undefined;
  const digits = decodeDigits(content.subarray(1, 1 + length));
  const imsi = digits?.slice(1) ?? '';
  const parity = imsi.length % 2 === 1 ? '9' : '1';
  return /^\d{6,15}$/.test(imsi) && digits?.[0] === parity ? imsi : undefined;
}

/** EF_ACC (TS 31.102 §4.2.15): 2 bytes; without `acc` the one class that the last digit of the IMSI gives. */
export function encodeAcc(imsi: string, acc: number | undefined): Uint8Array {
  const classes = acc ?? 1 << Number(imsi.at(-1));
  return Uint8Array.of(classes >> 8, classes & 0xff);
}

/** Length, type of number and digits of `+` and up to 20 digits, `FF`-padded to 12 bytes (TS 31.102 §4.2.26 and §4.2.27). */
export function encodeDialledNumber(number: string): Uint8Array {
  const digits = number.slice(1);
  const bcd = toSwappedBcd(digits, 10);
  return Buffer.concat([Uint8Array.of(1 + Math.ceil(digits.length / 2), 0x91), bcd]);
}

/** The number in `encodeDialledNumber`, with plus sign when international; undefined when there is none. */
export function decodeDialledNumber(content: Uint8Array): string | undefined {
  const length = content[0] ?? 0;
  if (length < 2 || length > 11 || length >= content.length) return undefined;
  const digits = decodeDigits(content.subarray(2, 1 + length));
  if (!digits) return undefined;
  return ((content[1] ?? 0) & 0x70) === 0x10 ? `+${digits}` : digits;
}

/** PIN, PUK or ADM code (ETSI TS 102 221 §9.5.1): ASCII digits, `FF`-padded to 8 bytes. */
export function encodeCode(digits: string): Uint8Array {
  const bytes = Buffer.alloc(8, 0xff);
  bytes.write(digits, 'latin1');
  return bytes;
}

/** EF_SPN (TS 31.102 §4.2.12): 17 bytes. `display` bit 1: show the network at home too; bit 2: hide the name abroad. */
export function encodeServiceName(name: string, display: number): Uint8Array {
  const content = Buffer.alloc(17, 0xff);
  content[0] = display;
  content.set(serviceNameBytes(name) ?? [], 1);
  return content;
}

/** The name in EF_SPN; undefined when it is empty. */
export function decodeServiceName(content: Uint8Array): string | undefined {
  const text = asBuffer(content.subarray(1));
  if (text[0] === 0x80) return decodeUcs2(text.subarray(1));
  const end = text.indexOf(0xff);
  const name = Array.from(text.subarray(0, end < 0 ? text.length : end), (byte) => gsmAlphabet[byte] ?? '?');
  return name.length > 0 ? name.join('') : undefined;
}

/** Up to 16 bytes of text as cards write it (ETSI TS 102 221 annex A); undefined when the name is empty or too long. */
export function serviceNameBytes(name: string): Uint8Array | undefined {
  const gsm = Array.from(name, (character) => gsmCodes.get(character));
  if (gsm.every((code) => code !== undefined))
    return gsm.length >= 1 && gsm.length <= 16 ? Uint8Array.from(gsm) : undefined;
  return name.length <= 7
    ? Buffer.concat([Uint8Array.of(0x80), asBuffer(Buffer.from(name, 'utf16le')).swap16()])
    : undefined;
}

/** EF_IMPI, EF_IMPU and EF_DOMAIN (TS 31.103 §4.2.2 to §4.2.4): one TLV with tag 80. */
export function encodeImsText(text: string): Uint8Array {
  return Buffer.concat([Uint8Array.of(0x80, text.length), Buffer.from(text, 'latin1')]);
}

/** The home network domain derived from an IMSI (TS 23.003 §13.2). */
export function imsDomain(imsi: string, mncLength: 2 | 3): string {
  const mnc = imsi.slice(3, 3 + mncLength).padStart(3, '0');
  return `ims.mnc${mnc}.mcc${imsi.slice(0, 3)}.3gppnetwork.org`;
}

/** Service table with these services (numbered from 1) switched on, `bytes` long (TS 31.102 §4.2.8). */
export function serviceTable(services: readonly number[], bytes: number): Uint8Array {
  const table = new Uint8Array(bytes);
  for (const service of services) {
    const at = (service - 1) >> 3;
    table[at] = (table[at] ?? 0) | (1 << ((service - 1) & 7));
  }
  return table;
}

// 3GPP TS 23.038 §6.2.1; position 1B (escape) is left out on purpose: cards hold no extension characters here.
const gsmAlphabet =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';

const gsmCodes = new Map(Array.from(gsmAlphabet, (character, code) => [character, code] as const));
gsmCodes.delete('\u001b');

function decodeUcs2(text: Buffer): string | undefined {
  const units: number[] = [];
  for (let at = 0; at + 1 < text.length; at += 2) {
    const unit = text.readUInt16BE(at);
    if (unit === 0xffff) break;
    units.push(unit);
  }
  return units.length > 0 ? String.fromCharCode(...units) : undefined;
}

function decodeDigits(bytes: Uint8Array): string | undefined {
  try {
    return fromSwappedBcd(bytes);
  } catch {
    return undefined;
  }
}
