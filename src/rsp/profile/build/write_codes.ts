// PIN, PUK and ADM codes of the card and of its applications.
import { integer } from '../../../der/integer.ts';
import { tlv } from '../../../der/write_tlv.ts';
import { encodeCode } from '../card_encodings.ts';
import { profileElementTags } from '../profile_element.ts';
import { byte, type WriteElement } from './card.ts';

export const writePukCodes: WriteElement = ({ codes }, head) =>
  tlv(
    profileElementTags.pukCodes,
    head,
    tlv(0xa1, puk(keyReference.puk1, codes.puk1), puk(keyReference.puk2, codes.puk2)),
  );

// Ten tries are the default, which DER leaves out.
function puk(reference: number, digits: string): Uint8Array {
  return tlv(0x30, integer(reference, 0x80), tlv(0x81, encodeCode(digits)));
}

// Attributes of a PIN: 01 enabled, 02 changeable, 04 may be switched on and off.
export const writeGlobalPins: WriteElement = ({ codes, pin1Enabled }, head) => {
  const pin1 = tlv(
    0x30,
    byte(0x80, keyReference.pin1),
    tlv(0x81, encodeCode(codes.pin1)),
    byte(0x82, keyReference.puk1),
    // 07 is the default, which DER leaves out.
    pin1Enabled ? Uint8Array.of() : byte(0x83, 0x06),
  );
  const adm1 = tlv(
    0x30,
    byte(0x80, keyReference.adm1),
    tlv(0x81, encodeCode(codes.adm1)),
    byte(0x83, 0x03),
    integer(0xaa, 0x84),
  );
  return tlv(profileElementTags.pinCodes, head, tlv(0xa1, tlv(0xa0, pin1, adm1)));
};

/** PIN2 of the application that the elements before have made. */
export const writeLocalPins: WriteElement = ({ codes }, head) => {
  const pin2 = tlv(
    0x30,
    integer(keyReference.pin2, 0x80),
    tlv(0x81, encodeCode(codes.pin2)),
    integer(keyReference.puk2, 0x82),
    byte(0x83, 0x03),
  );
  return tlv(profileElementTags.pinCodes, head, tlv(0xa1, tlv(0xa0, pin2)));
};

const keyReference = { pin1: 1, adm1: 10, pin2: 129, puk1: 1, puk2: 129 } as const;
