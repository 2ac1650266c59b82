// The USIM: the files that a phone needs to register, and the subscriber's own number.
import { concat } from '../../../base/bytes.ts';
import { tlv } from '../../../der/write_tlv.ts';
import { accessRuleFile } from '../access_rules.ts';
import {
  encodeAcc,
  encodeDialledNumber,
  encodeImsi,
  encodeServiceName,
  serviceTable,
} from '../card_encodings.ts';
import { fileTags, templateIds } from '../file_templates.ts';
import { profileElementTags } from '../profile_element.ts';
import { applicationDirectory, file, hex, usimApplication, type WriteElement } from './card.ts';

export const writeUsim: WriteElement = (card, head) =>
  tlv(
    profileElementTags.usim,
    head,
    usimStart,
    file(fileTags.usim.imsi, encodeImsi(card.imsi)),
    usimServices,
    file(fileTags.usim.smsp, shortMessageParameters(card.smsc)),
    file(fileTags.usim.spn, encodeServiceName(card.serviceProviderName ?? '', 0x01)),
    file(fileTags.usim.est, Uint8Array.of(0)),
    file(fileTags.usim.acc, encodeAcc(card.imsi, card.acc)),
    file(fileTags.usim.ad, Uint8Array.of(0, 0, 0, card.mncLength)),
    emergencyNumbers,
  );

const usimStart = concat(
  tlv(0x81, hex(templateIds.usim)),
  applicationDirectory(fileTags.usim.adf, usimApplication),
);
// 10 SMS, 12 SMSP, 19 SPN, 21 MSISDN, 28 SMS-PP data download, 33 always 1, 85 EPS (TS 31.102 §4.2.8).
const usimServices = concat(
  accessRuleFile(fileTags.usim.arr).raw,
  file(fileTags.usim.ust, serviceTable([10, 12, 19, 21, 28, 33, 85], 14)),
);
const emergencyNumbers = file(fileTags.usim.ecc, hex('11F2FF00'));

/** EF_SMSP record: 10 bytes of name, what is present (FD: the service centre; FF: nothing), parameters. */
function shortMessageParameters(smsc: string | undefined): Uint8Array {
  const record = Buffer.alloc(38, 0xff);
  if (smsc === undefined) return record;
  record[10] = 0xfd;
  record.set(encodeDialledNumber(smsc), 23);
  return record;
}

export const writeOptUsim: WriteElement = ({ msisdn }, head) => {
  const record = Buffer.alloc(24, 0xff);
  if (msisdn !== undefined) record.set(encodeDialledNumber(msisdn), 10);
  return tlv(profileElementTags['opt-usim'], head, optUsimTemplate, file(fileTags.optUsim.msisdn, record));
};

const optUsimTemplate = tlv(0x81, hex(templateIds['opt-usim']));
