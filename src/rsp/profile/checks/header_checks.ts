// The header's promises: version, ICCID, services and templates, against what the package holds.
import { isIccid } from '../../../base/digits.ts';
import { templateName } from '../file_templates.ts';
import type { ServiceName } from '../header_services.ts';
import { iccidInCardFile } from '../iccid_of_package.ts';
import { findElement, type ProfileElementName } from '../profile_element.ts';
import { childOf, integerOf, type TlvNode } from '../tlv_tree.ts';
import { type Check, error, label, ownKeySets, unless, warning } from './package_view.ts';

export const headerChecks: Readonly<Record<string, Check>> = {
  'version is one we know': ({ header: { majorVersion: major } }) =>
    unless(major === 2 || major === 3, error(`Format version ${major ?? 'unknown'} is not 2 or 3.`, 0)),

  'templates fit the version': ({ elements, header: { majorVersion, minorVersion } }) =>
    elements.flatMap(({ templateId }, i) => {
      if (templateId === undefined) return [];
      const name = templateName(templateId);
      const since = templateSince[name.replace('2.23.143.1.', '')];
      if (since === undefined)
        return [warning(`Element ${i} uses template ${name}, which this server does not know.`, i)];
      const version = (majorVersion ?? 0) + (minorVersion ?? 0) / 1000;
      const claim = `The package claims format version ${majorVersion}.${minorVersion}`;
      return unless(version >= since, error(`${claim}, which does not know template ${name}.`, i));
    }),

  'version is not newer than this server': ({
    header: { majorVersion: major = 0, minorVersion: minor = 0 },
  }) =>
    unless(
      minor <= 3,
      warning(
        `Format version ${major}.${minor} is newer than those this server knows (2.0 to 2.3, 3.0 to 3.3).`,
        0,
      ),
    ),

  'type name fits': ({ headerNode }) => {
    const bytes = childOf(headerNode, 0x82)?.value.length;
    return unless(
      bytes === undefined || (bytes >= 1 && bytes <= 100),
      error('The name of the profile type is not 1 to 100 bytes.', 0),
    );
  },

  'there is no policy of M2M': ({ headerNode }) =>
    unless(
      childOf(headerNode, 0x84) === undefined,
      warning('The header has a policy rule of M2M (POL1).', 0),
    ),

  'services are known': ({ header: { services } }) =>
    services.flatMap((service) =>
      unless(
        !/^[0-9A-F]{2}$/.test(service),
        warning(`The header demands the service ${service}, which this server does not know.`, 0),
      ),
    ),

  'applications are announced': ({ elements, header: { services } }) =>
    elements.flatMap(({ name, mandated }, i) => {
      const needed = servicesForElement[name as ProfileElementName];
      return unless(
        !mandated || needed === undefined || needed.some((service) => services.includes(service)),
        warning(`${label(name)} is mandated, but the header does not announce ${needed?.join(' or ')}.`, i),
      );
    }),

  'iccid is well formed': ({ headerNode, header: { iccid } }) => {
    if (childOf(headerNode, 0x83)?.value.length !== 10 || iccid === undefined || iccid.length < 19)
      return [error('The ICCID is malformed.', 0)];
    return unless(isIccid(iccid), error('The ICCID has a wrong check digit or does not start with 89.', 0));
  },

  'iccids agree': ({ elements, header }) =>
    unless(
      header.iccid === iccidInCardFile(findElement(elements, 'mf')?.node),
      error('The ICCID in the header and in the card file differ.', 1),
    ),

  'services have their element': (view) =>
    view.header.services.flatMap((service) => {
      const needed = elementsForService[service as ServiceName];
      return unless(
        needed === undefined || needed.some((name) => findElement(view.elements, name)),
        error(`The header demands ${label(service)} but the package has none.`, 0),
      );
    }),

  'algorithm services have their key set': (view) => {
    const used = new Set(ownKeySets(view).map(({ keySet }) => algorithmOf(keySet)));
    return view.header.services.flatMap((service) => {
      const name = algorithmNames[service];
      return unless(
        name === undefined || used.has(service),
        error(`The header demands ${name} but no key set uses it.`, 0),
      );
    });
  },

  'key sets are announced': (view) =>
    ownKeySets(view).flatMap(({ keySet, index, mandated }) => {
      const service = algorithmOf(keySet);
      return unless(
        !mandated || service === undefined || view.header.services.includes(service),
        warning(
          `A key set uses ${algorithmNames[service ?? '']}, which the header does not announce.`,
          index,
        ),
      );
    }),

  'templates are announced': ({ elements, header }) =>
    elements.flatMap(({ templateId, mandated }, i) =>
      unless(
        templateId === undefined || !mandated || header.templateIds.includes(templateId),
        error(`Template ${templateName(templateId ?? '')} is used but not announced in the header.`, i),
      ),
    ),
};

/** First format version (major + minor / 1000) that knows a template, by the end of its OID. */
const templateSince: Readonly<Record<string, number>> = Object.fromEntries(
  (
    [
      [1, '2.1 2.2 2.3 2.4 2.5 2.6 2.7 2.8 2.9 2.10 2.11'],
      [2.002, '2.12'],
      [2.003, '2.13 2.14'],
      [3.001, '2.3.2 2.4.2 2.5.2 2.9.2 2.10.2 2.11.2 2.13.2 2.13.3'],
      [3.003, '2.5.3 2.13.4 2.15 2.16 2.17 2.18'],
    ] as const
  ).flatMap(([version, suffixes]) => suffixes.split(' ').map((suffix) => [suffix, version])),
);

const elementsForService: Partial<Record<ServiceName, readonly ProfileElementName[]>> = {
  usim: ['usim'],
  isim: ['isim'],
  csim: ['csim'],
  'gba-usim': ['usim'],
  'gba-isim': ['isim'],
  'multiple-usim': ['usim'],
  'multiple-isim': ['isim'],
  'multiple-csim': ['csim'],
  'get-identity': ['usim', 'isim'],
  'profile-a-x25519': ['usim', 'isim'],
  'profile-b-p256': ['usim', 'isim'],
  cave: ['cdmaParameter'],
  eap: ['eap'],
};

const servicesForElement: Partial<Record<ProfileElementName, readonly ServiceName[]>> = {
  usim: ['usim'],
  isim: ['isim'],
  csim: ['csim'],
  eap: ['eap'],
  application: ['javacard', 'multos'],
};

const algorithmNames: Readonly<Record<string, string>> = {
  milenage: 'Milenage',
  tuak128: 'TUAK with a key of 128 bits',
  tuak256: 'TUAK with a key of 256 bits',
  'usim-test-algorithm': 'the test algorithm',
};

function algorithmOf(keySet: TlvNode): string | undefined {
  const tuak = childOf(keySet, 0x82)?.value.length === 32 ? 'tuak256' : 'tuak128';
  const byId: Readonly<Record<number, string>> = { 1: 'milenage', 2: tuak, 3: 'usim-test-algorithm' };
  return byId[integerOf(childOf(keySet, 0x80)) ?? 0];
}
