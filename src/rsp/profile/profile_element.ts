// The elements of a SAIP profile package, split and joined without changing a byte.
import { AppError } from '../../base/app_error.ts';
import { asBuffer, concat } from '../../base/bytes.ts';
import { limits } from '../../base/limits.ts';
import { childOf, integerOf, readTlvTree, type TlvNode } from './tlv_tree.ts';

/**
 * ProfileElement ::= CHOICE { header [0], genericFileManagement [1], … } (TCA eUICC Profile Package, PE_Definitions):
 * automatic tags, so the alternatives are numbered by position. rfu1 to rfu5 hold AB to AF.
 */
export const profileElementTags = {
  header: 0xa0,
  genericFileManagement: 0xa1,
  pinCodes: 0xa2,
  pukCodes: 0xa3,
  akaParameter: 0xa4,
  cdmaParameter: 0xa5,
  securityDomain: 0xa6,
  rfm: 0xa7,
  application: 0xa8,
  nonStandard: 0xa9,
  end: 0xaa,
  rfu1: 0xab,
  rfu2: 0xac,
  rfu3: 0xad,
  rfu4: 0xae,
  rfu5: 0xaf,
  mf: 0xb0,
  cd: 0xb1,
  telecom: 0xb2,
  usim: 0xb3,
  'opt-usim': 0xb4,
  isim: 0xb5,
  'opt-isim': 0xb6,
  phonebook: 0xb7,
  'gsm-access': 0xb8,
  csim: 0xb9,
  'opt-csim': 0xba,
  eap: 0xbb,
  'df-5gs': 0xbc,
  'df-saip': 0xbd,
  'df-snpn': 0xbe,
  'df-5gprose': 0xbf1f,
  iot: 0xbf20,
  'opt-iot': 0xbf21,
} as const;

export type ProfileElementName = keyof typeof profileElementTags;

export type ProfileElement = {
  /** `unknown` for a type that this specification version does not name. */
  name: ProfileElementName | 'unknown';
  tag: number;
  /** Position of the first byte in the package. */
  offset: number;
  /** The whole element as received. */
  raw: Uint8Array;
  node: TlvNode;
  /** Number that the eUICC uses for it in its report; the header has none. */
  identification: number | undefined;
  /** True when the eUICC must fail the installation if it cannot process the element. */
  mandated: boolean;
  /** Template OID as the bytes of its value in hex, for example `67810F010204`. */
  templateId: string | undefined;
};

const namesByTag = new Map(
  Object.entries(profileElementTags).map(([name, tag]) => [tag as number, name as ProfileElementName]),
);

/**
 * The elements of a whole package: header first, end last. Views on `bytes`, which must not change afterwards.
 * Throws `invalid_profile_package`.
 */
export function readProfileElements(bytes: Uint8Array): ProfileElement[] {
  const elements = readElementSequence(bytes);
  if (elements[0]?.name !== 'header')
    throw new AppError('invalid_profile_package', 'The package does not start with a profile header.');
  if (elements.at(-1)?.name !== 'end')
    throw new AppError('invalid_profile_package', 'The package has no end element.');
  return elements;
}

/** The elements of any run of profile elements, whatever their order. Throws `invalid_profile_package`. */
export function readElementSequence(bytes: Uint8Array): ProfileElement[] {
  if (bytes.length > limits.profilePackageBytesMax)
    throw new AppError(
      'invalid_profile_package',
      `The package is larger than ${limits.profilePackageBytesMax} bytes.`,
    );
  let offset = 0;
  return readTlvTree(bytes).map((node) => {
    const element = profileElementOf(node, offset);
    offset += node.raw.length;
    return element;
  });
}

/** The bytes of a package with these elements. */
export function writeProfileElements(elements: readonly { raw: Uint8Array }[]): Uint8Array {
  return concat(...elements.map((element) => element.raw));
}

/** The first element of this name. */
export function findElement(
  elements: readonly ProfileElement[],
  name: ProfileElementName,
): ProfileElement | undefined {
  return elements.find((element) => element.name === name);
}

function profileElementOf(node: TlvNode, offset: number): ProfileElement {
  const name = namesByTag.get(node.tag) ?? 'unknown';
  const header = name === 'header' ? undefined : childOf(node, 0xa0);
  const template = name === 'header' || !isTemplateElement(node.tag) ? undefined : childOf(node, 0x81);
  return {
    name,
    tag: node.tag,
    offset,
    raw: node.raw,
    node,
    identification: integerOf(childOf(header, 0x81)),
    mandated: childOf(header, 0x80) !== undefined,
    templateId: template && asBuffer(template.value).toString('hex').toUpperCase(),
  };
}

/** File system elements (mf and all after it in the CHOICE) carry a templateID. */
function isTemplateElement(tag: number): boolean {
  return tag >= profileElementTags.mf;
}
