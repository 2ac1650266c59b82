// The identities of an ISIM, derived from the IMSI.
import { encodeImsText, imsDomain } from '../card_encodings.ts';
import { fileTags } from '../file_templates.ts';
import { findElement, type ProfileElement } from '../profile_element.ts';
import { mncLengthOf } from '../subscription.ts';
import type { TlvNode } from '../tlv_tree.ts';
import { currentContent, type Job, withFile } from './job.ts';

export function rewriteIsim(node: TlvNode, { subscription, wants, elements }: Job): TlvNode {
  if (!wants.has('ims')) return node;
  const mncLength = subscription.mncLength ?? mncLengthOnCard(elements) ?? mncLengthOf(subscription);
  const domain = imsDomain(subscription.imsi, mncLength);
  const identity = `${subscription.imsi}@${domain}`;
  let isim = withFile(node, 'isim', fileTags.isim.impi, encodeImsText(identity));
  isim = withFile(isim, 'isim', fileTags.isim.impu, encodeImsText(`sip:${identity}`));
  return withFile(isim, 'isim', fileTags.isim.domain, encodeImsText(domain));
}

/** What EF_AD of the USIM says: the phone goes by it, so the ISIM must agree. */
function mncLengthOnCard(elements: readonly ProfileElement[]): 2 | 3 | undefined {
  const usim = findElement(elements, 'usim')?.node;
  const length = usim && currentContent(usim, 'usim', fileTags.usim.ad)?.[3];
  return length === 2 || length === 3 ? length : undefined;
}
