// What the writers of elements share: the card they write, and the smallest pieces of DER.
import { integer } from '../../../der/integer.ts';
import { tlv } from '../../../der/write_tlv.ts';
import type { CardCodes } from '../complete_codes.ts';
import type { Subscription } from '../subscription.ts';

/** A subscription with nothing left open. */
export type Card = Omit<Subscription, 'mncLength'> & {
  mncLength: 2 | 3;
  codes: CardCodes;
  profileType: Uint8Array;
  isim: boolean;
  pin1Enabled: boolean;
};

/** Bytes of one profile element; `elementHeader` is its first component. */
export type WriteElement = (card: Card, elementHeader: Uint8Array) => Uint8Array;

export const hex = (text: string) => Buffer.from(text, 'hex');
export const flag = (tag: number) => tlv(tag);
export const byte = (tag: number, value: number) => tlv(tag, Uint8Array.of(value));

/** A file whose size and rules are the template's. */
export const file = (tag: number, content: Uint8Array) => tlv(tag, tlv(0x83, content));

/** PEHeader { mandated, identification }. */
export function elementHeader(identification: number): Uint8Array {
  return tlv(0xa0, flag(0x80), integer(identification, 0x81));
}

/** Application identifiers of 3GPP (ETSI TS 101 220 annex E), and the temporary file identifiers of their directories. */
export const usimApplication = { aid: hex('A0000000871002FF49FF0589'), fid: hex('7FD0'), label: 'USIM' };
export const isimApplication = { aid: hex('A0000000871004FF49FF0589'), fid: hex('7FB0'), label: 'ISIM' };
export type Application = typeof usimApplication;

/** The directory of an application, with local PIN2, PIN1 and ADM1. */
export function applicationDirectory(tag: number, { fid, aid }: Application): Uint8Array {
  return tlv(tag, tlv(0xa1, tlv(0x83, fid), tlv(0x84, aid), tlv(0xc6, hex('81010A'))));
}
