// The files of a USIM that belong to the subscriber.
import { AppError } from '../../../base/app_error.ts';
import { encodeAcc, encodeDialledNumber, encodeImsi, encodeServiceName } from '../card_encodings.ts';
import { fileTags } from '../file_templates.ts';
import type { Subscription } from '../subscription.ts';
import type { TlvNode } from '../tlv_tree.ts';
import { currentContent, currentRecord, type Job, withFile } from './job.ts';

export function rewriteUsim(node: TlvNode, { subscription, wants }: Job): TlvNode {
  const { imsi, acc, mncLength } = subscription;
  let usim = node;
  if (wants.has('imsi')) {
    usim = withFile(usim, 'usim', fileTags.usim.imsi, encodeImsi(imsi));
    usim = withFile(usim, 'usim', fileTags.usim.acc, encodeAcc(imsi, acc));
    if (mncLength) usim = withMncLength(usim, mncLength);
  }
  return wants.has('numbers') ? withNames(usim, subscription) : usim;
}

function withNames(node: TlvNode, { serviceProviderName, smsc, msisdn }: Subscription): TlvNode {
  let usim = node;
  if (serviceProviderName !== undefined) {
    const display = currentContent(usim, 'usim', fileTags.usim.spn)?.[0] ?? 0xff;
    const content = encodeServiceName(serviceProviderName, display === 0xff ? 0x01 : display);
    usim = withFile(usim, 'usim', fileTags.usim.spn, content);
  }
  if (smsc !== undefined) usim = withServiceCentre(usim, smsc);
  return withServices(usim, [
    ...(serviceProviderName === undefined ? [] : [19]),
    ...(smsc === undefined ? [] : [12]),
    ...(msisdn === undefined ? [] : [21]),
  ]);
}

/** EF_AD (TS 31.102 §4.2.18): byte 4 is the MNC length; the mode of the operator stays. */
function withMncLength(usim: TlvNode, mncLength: 2 | 3): TlvNode {
  const content = Buffer.from(currentContent(usim, 'usim', fileTags.usim.ad) ?? [0, 0, 0, 2]);
  if (content[3] === mncLength || content.length < 4) return usim;
  content[3] = mncLength;
  return withFile(usim, 'usim', fileTags.usim.ad, content);
}

/** First record of EF_SMSP (TS 31.102 §4.2.27): 28 bytes after the name; bit 2 of the first, when 0, says "centre given". */
function withServiceCentre(usim: TlvNode, smsc: string): TlvNode {
  const record = Buffer.from(currentRecord(usim, 'usim', fileTags.usim.smsp) ?? Buffer.alloc(38, 0xff));
  const at = record.length - 28;
  if (at < 0) throw new AppError('invalid_profile_package', 'Records of EF_SMSP are too short.');
  record[at] = (record[at] ?? 0xff) & 0xfd;
  record.set(encodeDialledNumber(smsc), at + 13);
  return withFile(usim, 'usim', fileTags.usim.smsp, record);
}

/** EF_UST with these services on; a number nobody may read would be of no use. */
function withServices(usim: TlvNode, services: readonly number[]): TlvNode {
  const table = Buffer.from(currentContent(usim, 'usim', fileTags.usim.ust) ?? []);
  const missing = services.filter((service) => ((table[(service - 1) >> 3] ?? 0) & bitOf(service)) === 0);
  if (missing.length === 0) return usim;
  const grown = Buffer.alloc(Math.max(table.length, 3));
  grown.set(table);
  for (const service of missing)
    grown[(service - 1) >> 3] = (grown[(service - 1) >> 3] ?? 0) | bitOf(service);
  return withFile(usim, 'usim', fileTags.usim.ust, grown);
}

function bitOf(service: number): number {
  return 1 << ((service - 1) & 7);
}

/** First record of EF_MSISDN (TS 31.102 §4.2.26): 14 bytes after the name. A package without the file has no place for it. */
export function rewriteOptUsim(node: TlvNode, { subscription: { msisdn }, wants }: Job): TlvNode {
  const current = currentRecord(node, 'opt-usim', fileTags.optUsim.msisdn);
  if (!wants.has('numbers') || msisdn === undefined || !current) return node;
  const record = Buffer.from(current);
  const at = record.length - 14;
  if (at < 0) throw new AppError('invalid_profile_package', 'Records of EF_MSISDN are too short.');
  record.set(encodeDialledNumber(msisdn), at);
  return withFile(node, 'opt-usim', fileTags.optUsim.msisdn, record);
}
