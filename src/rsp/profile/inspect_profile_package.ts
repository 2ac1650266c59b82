// What a person or a device wants to know of a package: version, identity, contents and what it demands.
import { AppError } from '../../base/app_error.ts';
import { decodeDialledNumber, decodeImsi, decodeServiceName } from './card_encodings.ts';
import { fileTags, fileTemplates, templateName } from './file_templates.ts';
import { findElement, type ProfileElement, readProfileElements } from './profile_element.ts';
import { firstRecord } from './profile_file.ts';
import { readProfileHeader } from './profile_header.ts';
import { childOf, integerOf } from './tlv_tree.ts';

export type ProfilePackageInfo = {
  /** `2.1`. */
  version: string;
  profileType?: string;
  iccid: string;
  imsi?: string;
  serviceProviderName?: string;
  /** With plus sign when international. */
  msisdn?: string;
  elements: ProfileElementInfo[];
  /** Names of the services the eUICC must have. */
  services: string[];
  /** Template OIDs the eUICC must know, dotted. */
  templates: string[];
  algorithms: AuthenticationAlgorithm[];
};

/** `offset` and `length` in bytes; `identification` is what the eUICC names in its report. */
export type ProfileElementInfo = {
  name: string;
  identification: number | undefined;
  offset: number;
  length: number;
};

export type AuthenticationAlgorithm = 'milenage' | 'tuak' | 'test-xor' | 'unknown';

/** Throws `invalid_profile_package` when the package is malformed or its header has no version or ICCID. */
export function inspectProfilePackage(bytes: Uint8Array): ProfilePackageInfo {
  const elements = readProfileElements(bytes);
  const header = readProfileHeader(elements[0]?.node);
  if (header.majorVersion === undefined || header.minorVersion === undefined || header.iccid === undefined)
    throw new AppError('invalid_profile_package', 'The header of the package has no version or no ICCID.');
  const imsi = contentOf(elements, 'usim', fileTags.usim.imsi, decodeImsi);
  const serviceProviderName = contentOf(elements, 'usim', fileTags.usim.spn, decodeServiceName);
  const msisdn = contentOf(elements, 'opt-usim', fileTags.optUsim.msisdn, (record) =>
    decodeDialledNumber(record.subarray(Math.max(0, record.length - 14))),
  );
  return {
    version: `${header.majorVersion}.${header.minorVersion}`,
    ...(header.profileType === undefined ? {} : { profileType: header.profileType }),
    iccid: header.iccid,
    ...(imsi === undefined ? {} : { imsi }),
    ...(serviceProviderName === undefined ? {} : { serviceProviderName }),
    ...(msisdn === undefined ? {} : { msisdn }),
    elements: elements.map(elementInfo),
    services: header.services,
    templates: header.templateIds.map(templateName),
    algorithms: algorithmsOf(elements),
  };
}

function contentOf(
  elements: readonly ProfileElement[],
  name: 'usim' | 'opt-usim',
  tag: number,
  decode: (content: Uint8Array) => string | undefined,
): string | undefined {
  const entry = childOf(findElement(elements, name)?.node, tag);
  return entry && decode(firstRecord(entry, fileTemplates[name]?.[tag]));
}

function elementInfo({ name, identification, offset, raw }: ProfileElement): ProfileElementInfo {
  return { name, identification, offset, length: raw.length };
}

const algorithmNames: Readonly<Record<number, AuthenticationAlgorithm>> = {
  1: 'milenage',
  2: 'tuak',
  3: 'test-xor',
};

/** The different algorithms of all key sets, in order of appearance. */
function algorithmsOf(elements: readonly ProfileElement[]): AuthenticationAlgorithm[] {
  const keySets = elements
    .filter(({ name }) => name === 'akaParameter')
    .map(({ node }) => childOf(childOf(node, 0xa1), 0xa1))
    .filter((keySet) => keySet !== undefined);
  return [...new Set(keySets.map((set) => algorithmNames[integerOf(childOf(set, 0x80)) ?? 0] ?? 'unknown'))];
}
