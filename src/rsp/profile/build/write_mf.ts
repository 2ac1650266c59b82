// The file system root: EF_ICCID, EF_DIR and the access rules.
import { toSwappedBcd } from '../../../base/digits.ts';
import { tlv } from '../../../der/write_tlv.ts';
import { accessRuleFile } from '../access_rules.ts';
import { fileTags, templateIds } from '../file_templates.ts';
import { profileElementTags } from '../profile_element.ts';
import {
  type Application,
  byte,
  file,
  hex,
  isimApplication,
  usimApplication,
  type WriteElement,
} from './card.ts';

export const writeMf: WriteElement = (card, head) =>
  tlv(
    profileElementTags.mf,
    head,
    mfTemplate,
    mfDescriptor,
    file(fileTags.mf.iccid, toSwappedBcd(card.iccid, 10)),
    card.isim ? directoryWithIsim : directoryWithoutIsim,
    mfAccessRules,
  );

const mfTemplate = tlv(0x81, hex(templateIds.mf));
const mfDescriptor = tlv(fileTags.mf.mf, tlv(0xa1, tlv(0xc6, hex('010A'))));
const mfAccessRules = accessRuleFile(fileTags.mf.arr).raw;

/** EF_DIR: one application template of 32 bytes for each application (ETSI TS 102 221 §13.1). */
function directory(...applications: Application[]): Uint8Array {
  const records = applications.map(({ aid, label }) => {
    const record = Buffer.alloc(0x20, 0xff);
    record.set(tlv(0x61, tlv(0x4f, aid), tlv(0x50, Buffer.from(label))));
    return record;
  });
  const descriptor = tlv(0xa1, tlv(0x82, hex('42210020')), byte(0x80, 0x20 * records.length));
  return tlv(fileTags.mf.dir, descriptor, tlv(0x83, ...records));
}

const directoryWithoutIsim = directory(usimApplication);
const directoryWithIsim = directory(usimApplication, isimApplication);
