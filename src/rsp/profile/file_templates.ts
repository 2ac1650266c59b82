// The files of the SAIP templates that this room reads or writes: their tags in the element, identifiers and default sizes.
import type { ProfileElementName } from './profile_element.ts';

export type FileTemplate = {
  name: string;
  /** File identifier in hex. */
  fid: string;
  /** Default size in bytes; undefined when the package must give it. */
  size?: number;
  /** Default record length in bytes of a linear file. */
  recordLength?: number;
  /** True when the specification demands the file in the element. */
  required?: true;
};

type Templates = Partial<Record<ProfileElementName, Readonly<Record<number, FileTemplate>>>>;

/** Template files by element and by context tag, version 1 of each template. */
export const fileTemplates: Templates = {
  mf: {
    162: { name: 'MF', fid: '3F00', required: true },
    163: { name: 'EF_PL', fid: '2F05', size: 2 },
    164: { name: 'EF_ICCID', fid: '2FE2', size: 10, required: true },
    165: { name: 'EF_DIR', fid: '2F00', required: true },
    166: { name: 'EF_ARR', fid: '2F06', required: true },
    167: { name: 'EF_UMPC', fid: '2F08', size: 5 },
  },
  usim: {
    162: { name: 'ADF_USIM', fid: '', required: true },
    163: { name: 'EF_IMSI', fid: '6F07', size: 9, required: true },
    164: { name: 'EF_ARR', fid: '6F06', required: true },
    165: { name: 'EF_Keys', fid: '6F08', size: 33 },
    166: { name: 'EF_KeysPS', fid: '6F09', size: 33 },
    167: { name: 'EF_HPPLMN', fid: '6F31', size: 1 },
    168: { name: 'EF_UST', fid: '6F38', size: 14, required: true },
    169: { name: 'EF_FDN', fid: '6F3B', size: 520, recordLength: 26 },
    170: { name: 'EF_SMS', fid: '6F3C', size: 1760, recordLength: 176 },
    171: { name: 'EF_SMSP', fid: '6F42', size: 38, recordLength: 38 },
    172: { name: 'EF_SMSS', fid: '6F43', size: 2 },
    173: { name: 'EF_SPN', fid: '6F46', size: 17, required: true },
    174: { name: 'EF_EST', fid: '6F56', size: 1, required: true },
    175: { name: 'EF_START-HFN', fid: '6F5B', size: 6 },
    176: { name: 'EF_THRESHOLD', fid: '6F5C', size: 3 },
    177: { name: 'EF_PSLOCI', fid: '6F73', size: 14 },
    178: { name: 'EF_ACC', fid: '6F78', size: 2, required: true },
    179: { name: 'EF_FPLMN', fid: '6F7B', size: 12 },
    180: { name: 'EF_LOCI', fid: '6F7E', size: 11 },
    181: { name: 'EF_AD', fid: '6FAD', size: 4 },
    182: { name: 'EF_ECC', fid: '6FB7', size: 4, recordLength: 4, required: true },
    183: { name: 'EF_NETPAR', fid: '6FC4', size: 128 },
    184: { name: 'EF_EPSLOCI', fid: '6FE3', size: 18 },
    185: { name: 'EF_EPSNSC', fid: '6FE4', size: 80, recordLength: 80 },
  },
  'opt-usim': {
    165: { name: 'EF_GID1', fid: '6F3E', size: 8 },
    166: { name: 'EF_GID2', fid: '6F3F', size: 8 },
    167: { name: 'EF_MSISDN', fid: '6F40', size: 24, recordLength: 24 },
    175: { name: 'EF_PLMNwAcT', fid: '6F60', size: 40 },
    176: { name: 'EF_OPLMNwAcT', fid: '6F61', size: 40 },
    177: { name: 'EF_HPLMNwAcT', fid: '6F62', size: 5 },
    48934: { name: 'EF_PNN', fid: '6FC5', size: 160, recordLength: 16 },
    48935: { name: 'EF_OPL', fid: '6FC6', size: 40, recordLength: 8 },
    48942: { name: 'EF_SPDI', fid: '6FCD', size: 17 },
    48954: { name: 'EF_EHPLMN', fid: '6FD9', size: 15 },
  },
  isim: {
    162: { name: 'ADF_ISIM', fid: '', required: true },
    163: { name: 'EF_IMPI', fid: '6F02', required: true },
    164: { name: 'EF_IMPU', fid: '6F04', required: true },
    165: { name: 'EF_DOMAIN', fid: '6F03', required: true },
    166: { name: 'EF_IST', fid: '6F07', required: true },
    167: { name: 'EF_AD', fid: '6FAD', size: 3 },
    168: { name: 'EF_ARR', fid: '6F06', required: true },
  },
  csim: { 162: { name: 'ADF_CSIM', fid: '' } },
  cd: { 162: { name: 'DF_CD', fid: '7F11' } },
  telecom: { 162: { name: 'DF_TELECOM', fid: '7F10' } },
  phonebook: { 162: { name: 'DF_PHONEBOOK', fid: '5F3A' } },
  'gsm-access': { 162: { name: 'DF_GSM-ACCESS', fid: '5F3B' } },
  eap: { 162: { name: 'DF_EAP', fid: '' } },
  'df-5gs': { 162: { name: 'DF_5GS', fid: '5FC0' } },
  'df-saip': { 162: { name: 'DF_SAIP', fid: '5FD0' } },
  'df-snpn': { 162: { name: 'DF_SNPN', fid: '5FE0' } },
  'df-5gprose': { 162: { name: 'DF_5GPROSE', fid: '5FF0' } },
};

/** Tags inside an element, by the names of SAIP. */
export const fileTags = {
  mf: { mf: 0xa2, pl: 0xa3, iccid: 0xa4, dir: 0xa5, arr: 0xa6 },
  usim: {
    adf: 0xa2,
    imsi: 0xa3,
    arr: 0xa4,
    ust: 0xa8,
    smsp: 0xab,
    spn: 0xad,
    est: 0xae,
    acc: 0xb2,
    ad: 0xb5,
    ecc: 0xb6,
  },
  optUsim: { msisdn: 0xa7 },
  isim: { adf: 0xa2, impi: 0xa3, impu: 0xa4, domain: 0xa5, ist: 0xa6, ad: 0xa7, arr: 0xa8 },
} as const;

/** Template OIDs (value bytes in hex), version 1. */
export const templateIds = {
  mf: '67810F010201',
  usim: '67810F010204',
  'opt-usim': '67810F010205',
  isim: '67810F010208',
} as const satisfies Partial<Record<ProfileElementName, string>>;

/** A template OID as people write it: `2.23.143.1.2.4`. */
export function templateName(templateId: string): string {
  const suffix = /^67810F01((?:[0-7][0-9A-F])+)$/.exec(templateId)?.[1];
  const arcs = suffix?.match(/../g)?.map((byte) => Number.parseInt(byte, 16));
  return arcs ? `2.23.143.1.${arcs.join('.')}` : templateId;
}
