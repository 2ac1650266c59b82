// The operator's own package with the data of one subscription put in; every byte not meant to change stays.
import { AppError } from '../../base/app_error.ts';
import { toSwappedBcd } from '../../base/digits.ts';
import { fileTags } from './file_templates.ts';
import {
  type Job,
  ownKeySet,
  type PersonalisationField,
  personalisationFields,
  type Rewrite,
  withFile,
} from './personalise/job.ts';
import { rewritePinCodes, rewritePukCodes } from './personalise/rewrite_codes.ts';
import { headerTags, rewriteHeader } from './personalise/rewrite_header.ts';
import { rewriteIsim } from './personalise/rewrite_isim.ts';
import { rewriteAkaParameter, rewriteSecurityDomain } from './personalise/rewrite_keys.ts';
import { rewriteOptUsim, rewriteUsim } from './personalise/rewrite_usim.ts';
import {
  findElement,
  type ProfileElement,
  type ProfileElementName,
  readProfileElements,
  writeProfileElements,
} from './profile_element.ts';
import { assertSubscription, type Subscription } from './subscription.ts';
import { childOf, type TlvNode } from './tlv_tree.ts';

export { type PersonalisationField, personalisationFields };

/** A package read once, to be personalised many times. */
export type PersonalisationTemplate = { readonly elements: readonly ProfileElement[] };

/**
 * Reads and checks a package that is to be personalised; `packageBytes` must not change afterwards.
 * Throws `invalid_profile_package` when it is malformed or has no place for ICCID, IMSI or keys.
 */
export function preparePersonalisation(packageBytes: Uint8Array): PersonalisationTemplate {
  const elements = readProfileElements(packageBytes);
  const places: [node: TlvNode | undefined, name: string][] = [
    [childOf(elements[0]?.node, headerTags.iccid), 'ICCID in its header'],
    [childOf(findElement(elements, 'mf')?.node, fileTags.mf.iccid), 'EF_ICCID'],
    [childOf(findElement(elements, 'usim')?.node, fileTags.usim.imsi), 'EF_IMSI'],
    [elements.map(ownKeySet).find((keySet) => keySet !== undefined), 'authentication key set'],
  ];
  for (const [node, name] of places)
    if (!node) throw new AppError('invalid_profile_package', `The package has no ${name}.`);
  return { elements };
}

/**
 * The bytes of the template's package for this subscription. Only `fields` are put in (all if left out); values
 * the subscription does not have stay as they are in the package.
 * Throws `invalid_request` for a wrong subscription, `invalid_profile_package` when a value has no room.
 */
export function personalise(
  template: PersonalisationTemplate,
  subscription: Subscription,
  fields: readonly PersonalisationField[] = personalisationFields,
): Uint8Array {
  assertSubscription(subscription);
  const job: Job = { subscription, wants: new Set(fields), elements: template.elements };
  return writeProfileElements(
    template.elements.map((element) => {
      const rewrite = rewriters[element.name as ProfileElementName];
      return rewrite ? rewrite(element.node, job) : element;
    }),
  );
}

/** `preparePersonalisation` and `personalise` in one step. Throws `invalid_request` and `invalid_profile_package`. */
export function personaliseProfilePackage(
  packageBytes: Uint8Array,
  subscription: Subscription,
  fields?: readonly PersonalisationField[],
): Uint8Array {
  return personalise(preparePersonalisation(packageBytes), subscription, fields);
}

const rewriters: Partial<Record<ProfileElementName, Rewrite>> = {
  header: rewriteHeader,
  mf: rewriteMf,
  pukCodes: rewritePukCodes,
  pinCodes: rewritePinCodes,
  usim: rewriteUsim,
  'opt-usim': rewriteOptUsim,
  isim: rewriteIsim,
  akaParameter: rewriteAkaParameter,
  securityDomain: rewriteSecurityDomain,
};

function rewriteMf(node: TlvNode, { subscription, wants }: Job): TlvNode {
  if (!wants.has('iccid')) return node;
  return withFile(node, 'mf', fileTags.mf.iccid, toSwappedBcd(subscription.iccid, 10));
}
