// Authentication keys, the operator's security domain, and management of the USIM's files over the air.
import { concat } from '../../../base/bytes.ts';
import { tlv } from '../../../der/write_tlv.ts';
import { profileElementTags } from '../profile_element.ts';
import { byte, hex, usimApplication, type WriteElement } from './card.ts';

/** algorithmID 1 Milenage with RES of 64 bits, 3 test XOR with RES of 128 bits; all else is the default. */
export const writeAkaParameter: WriteElement = ({ ki, opc, algorithm }, head) => {
  const [id, options] = algorithm === 'test-xor' ? [3, 2] : [1, 1];
  const parameter = tlv(0xa1, byte(0x80, id ?? 0), byte(0x81, options ?? 0), tlv(0x82, ki), tlv(0x83, opc));
  return tlv(profileElementTags.akaParameter, head, tlv(0xa1, parameter));
};

/** The operator's security domain (MNO-SD) with one AES key set, version 01, for SCP80. */
export const writeSecurityDomain: WriteElement = ({ codes: { otaKeys } }, head) =>
  tlv(
    profileElementTags.securityDomain,
    head,
    securityDomainInstance,
    tlv(0xa2, key(1, 0x18, otaKeys.kic), key(2, 0x14, otaKeys.kid), key(3, 0x48, otaKeys.kik)),
  );

const securityDomainInstance = tlv(
  0xa1,
  tlv(0x4f, hex('A0000001515350')),
  tlv(0x4f, hex('A000000151535041')),
  tlv(0x4f, hex('A000000151000000')),
  tlv(0x82, hex('82DC00')),
  byte(0x83, 0x0f),
  tlv(0xc9, hex('810280008201F08301F08701F0')),
  // Minimum security level 16: encrypted, signed, counter must rise. TAR B20100.
  tlv(0xea, tlv(0x80, hex('0100000000020116'), hex('03B2010000'))),
);

function key(id: number, usage: number, value: Uint8Array): Uint8Array {
  const component = tlv(0x30, byte(0x80, 0x88), tlv(0x86, value));
  return tlv(0x30, byte(0x95, usage), byte(0x82, id), byte(0x83, 0x01), tlv(0x30, component));
}

export const writeRemoteFileManagement: WriteElement = (_card, head) =>
  tlv(profileElementTags.rfm, head, remoteFileManagementBody);

// TAR B00001, minimum security level 16, full access to the USIM.
const remoteFileManagementBody = concat(
  tlv(0x4f, hex('A00000055910100002')),
  tlv(0xa0, tlv(0x04, hex('B00001'))),
  byte(0x81, 0x16),
  byte(0x04, 0x00),
  byte(0x04, 0x00),
  tlv(0x30, tlv(0x80, usimApplication.aid), byte(0x81, 0), byte(0x82, 0)),
);
