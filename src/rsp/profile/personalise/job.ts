// What every rewriter gets, and the edits they share.
import { fileTemplates } from '../file_templates.ts';
import type { ProfileElement } from '../profile_element.ts';
import { contentEntry, fileContent, firstRecord, withContent } from '../profile_file.ts';
import type { Subscription } from '../subscription.ts';
import { childOf, mapChildren, type TlvNode, withChild } from '../tlv_tree.ts';

/** What can be put in; each part touches only the places it names. */
export const personalisationFields = [
  /** Header and EF_ICCID, always together. */
  'iccid',
  /** EF_IMSI, EF_ACC and, when the subscription names it, the MNC length in EF_AD. */
  'imsi',
  /** Algorithm, K and OPc of every key set that has its own. */
  'keys',
  /** Header flags of the algorithms in use. */
  'services',
  /** PIN1, PUK1, PUK2, ADM1, and PIN2 in every application; those given. */
  'codes',
  /** EF_SPN, EF_MSISDN and the service centre in EF_SMSP; those given. */
  'numbers',
  /** IMPI, IMPU and domain of the ISIM, derived from the IMSI (TS 23.003 §13). */
  'ims',
  /** SCP80 keys of the security domain, when given. */
  'ota',
] as const;

export type PersonalisationField = (typeof personalisationFields)[number];

export type Job = {
  subscription: Subscription;
  wants: ReadonlySet<PersonalisationField>;
  elements: readonly ProfileElement[];
};

/** One element with the job's values in it; the same node when the job touches nothing there. */
export type Rewrite = (node: TlvNode, job: Job) => TlvNode;

/** The algoParameter of an akaParameter element; undefined for one that borrows the keys of another application. */
export function ownKeySet({ name, node }: ProfileElement): TlvNode | undefined {
  return name === 'akaParameter' ? childOf(childOf(node, 0xa1), 0xa1) : undefined;
}

/** The node with each child of this tag edited. */
export function mapInside(node: TlvNode, tag: number, edit: (child: TlvNode) => TlvNode): TlvNode {
  return mapChildren(node, (child) => (child.tag === tag ? edit(child) : child));
}

/** The element with this content (one record, or the whole file) in the file of this tag, which is added when missing. */
export function withFile(
  element: TlvNode,
  name: 'mf' | 'usim' | 'opt-usim' | 'isim',
  tag: number,
  content: Uint8Array,
): TlvNode {
  const entry = childOf(element, tag);
  const template = fileTemplates[name]?.[tag];
  return withChild(element, entry ? withContent(entry, template, content) : contentEntry(tag, content));
}

/** What the file of this tag holds now; undefined when the element does not list it. Throws `invalid_profile_package`. */
export function currentContent(
  element: TlvNode,
  name: 'usim' | 'opt-usim',
  tag: number,
): Uint8Array | undefined {
  const entry = childOf(element, tag);
  return entry && fileContent(entry, fileTemplates[name]?.[tag]);
}

/** Its first record. Throws `invalid_profile_package`. */
export function currentRecord(
  element: TlvNode,
  name: 'usim' | 'opt-usim',
  tag: number,
): Uint8Array | undefined {
  const entry = childOf(element, tag);
  return entry && firstRecord(entry, fileTemplates[name]?.[tag]);
}
