// The services a profile header may demand of an eUICC, by their tags in `eUICC-Mandatory-services`.

export const serviceTags = {
  contactless: 0x80,
  usim: 0x81,
  isim: 0x82,
  csim: 0x83,
  milenage: 0x84,
  tuak128: 0x85,
  cave: 0x86,
  'gba-usim': 0x87,
  'gba-isim': 0x88,
  mbms: 0x89,
  eap: 0x8a,
  javacard: 0x8b,
  multos: 0x8c,
  'multiple-usim': 0x8d,
  'multiple-isim': 0x8e,
  'multiple-csim': 0x8f,
  tuak256: 0x90,
  'usim-test-algorithm': 0x91,
  'ber-tlv': 0x92,
  dfLink: 0x93,
  'cat-tp': 0x94,
  'get-identity': 0x95,
  'profile-a-x25519': 0x96,
  'profile-b-p256': 0x97,
  suciCalculatorApi: 0x98,
  'dns-resolution': 0x99,
  scp11ac: 0x9a,
  'scp11c-authorization-mechanism': 0x9b,
  s16mode: 0x9c,
  eaka: 0x9d,
} as const;

export type ServiceName = keyof typeof serviceTags;

const namesByTag = new Map(Object.entries(serviceTags).map(([name, tag]) => [tag as number, name]));

/** The name of a service, or its tag in hex when this version does not know it. */
export function serviceName(tag: number): string {
  return namesByTag.get(tag) ?? tag.toString(16).toUpperCase();
}
