// The ICCID of a package, once its header and its card file agree.
import { AppError } from '../../base/app_error.ts';
import { fromSwappedBcd, isIccid } from '../../base/digits.ts';
import { readTlvHead } from '../../der/tlv.ts';
import { fileTags, fileTemplates } from './file_templates.ts';
import { profileElementTags, readElementSequence } from './profile_element.ts';
import { fileContent } from './profile_file.ts';
import { readProfileHeader } from './profile_header.ts';
import { childOf, type TlvNode } from './tlv_tree.ts';

/**
 * The digits of the ICCID in header and EF_ICCID. Reads the two first elements and no more.
 * Throws `invalid_profile_package` when one is missing, malformed, or they differ.
 */
export function iccidOfPackage(packageBytes: Uint8Array): string {
  const [header, mf] = readElementSequence(firstElements(packageBytes, 2));
  if (header?.tag !== profileElementTags.header)
    throw new AppError('invalid_profile_package', 'The package does not start with a profile header.');
  if (mf?.tag !== profileElementTags.mf)
    throw new AppError('invalid_profile_package', 'The file system root (MF) must follow the header.');
  const { iccid } = readProfileHeader(header.node);
  if (iccid === undefined || !isIccid(iccid))
    throw new AppError('invalid_profile_package', 'The ICCID is malformed or its check digit is wrong.');
  if (iccidInCardFile(mf.node) !== iccid)
    throw new AppError('invalid_profile_package', 'The ICCID in the header and in the card file differ.');
  return iccid;
}

/** The digits in EF_ICCID; undefined when it is missing or malformed. */
export function iccidInCardFile(mf: TlvNode | undefined): string | undefined {
  const entry = childOf(mf, fileTags.mf.iccid);
  if (!entry) return undefined;
  try {
    return fromSwappedBcd(fileContent(entry, fileTemplates.mf?.[fileTags.mf.iccid]));
  } catch {
    return undefined;
  }
}

function firstElements(bytes: Uint8Array, count: number): Uint8Array {
  let end = 0;
  try {
    for (let i = 0; i < count && end < bytes.length; i++) {
      const { valueAt, length } = readTlvHead(bytes, end, 'ber');
      end = valueAt + length;
    }
  } catch (cause) {
    throw new AppError('invalid_profile_package', 'The file is not a valid profile package.', { cause });
  }
  return bytes.subarray(0, end);
}
