// The ISIM: identities for voice over LTE and Wi-Fi, derived from the IMSI.
import { concat } from '../../../base/bytes.ts';
import { tlv } from '../../../der/write_tlv.ts';
import { accessRuleFile } from '../access_rules.ts';
import { encodeImsText, imsDomain } from '../card_encodings.ts';
import { fileTags, templateIds } from '../file_templates.ts';
import { profileElementTags } from '../profile_element.ts';
import { applicationDirectory, byte, file, hex, isimApplication, type WriteElement } from './card.ts';

export const writeIsim: WriteElement = (card, head) => {
  const domain = imsDomain(card.imsi, card.mncLength);
  const identity = `${card.imsi}@${domain}`;
  return tlv(
    profileElementTags.isim,
    head,
    isimStart,
    sizedFile(fileTags.isim.impi, encodeImsText(identity), '4121'),
    recordFile(fileTags.isim.impu, encodeImsText(`sip:${identity}`)),
    sizedFile(fileTags.isim.domain, encodeImsText(domain), '4121'),
    isimServices,
    file(fileTags.isim.ad, Uint8Array.of(0, 0, 0)),
    isimAccessRules,
  );
};

const isimStart = concat(
  tlv(0x81, hex(templateIds.isim)),
  applicationDirectory(fileTags.isim.adf, isimApplication),
);
// No optional ISIM service: the P-CSCF comes from the network.
const isimServices = sizedFile(fileTags.isim.ist, Uint8Array.of(0), '4121');
const isimAccessRules = accessRuleFile(fileTags.isim.arr).raw;

function sizedFile(tag: number, content: Uint8Array, descriptor: string): Uint8Array {
  return tlv(tag, tlv(0xa1, tlv(0x82, hex(descriptor)), byte(0x80, content.length)), tlv(0x83, content));
}

function recordFile(tag: number, record: Uint8Array): Uint8Array {
  return sizedFile(tag, record, `422100${record.length.toString(16).padStart(2, '0')}`);
}
