// Cuts a bound profile package into the pieces that an LPA sends to the eUICC one by one (SGP.22 §2.5.5).
import { malformed, readTagged, readTlvAt, readTlvHead, readTlvs, tagName } from '../../der/tlv.ts';
import { boundProfilePackageTag } from './build_bound_profile_package.ts';

/**
 * The pieces, as views that laid end to end are the package: BF36's tag and length with the whole BF23; A0 whole;
 * A1's tag and length; each 88; A2 whole, if there; A3's tag and length; each 86. Throws `malformed_der`.
 */
export function segmentBoundProfilePackage(bytes: Uint8Array): Uint8Array[] {
  const whole = readTagged(bytes, boundProfilePackageTag);
  const first = readTlvAt(whole.value, 0);
  const firstEnd = bytes.length - whole.value.length + first.raw.length;
  const segments = [bytes.subarray(0, firstEnd)];
  for (const sequence of readTlvs(bytes.subarray(firstEnd))) {
    if (sequence.tag === 0xa0 || sequence.tag === 0xa2) segments.push(sequence.raw);
    else if (sequence.tag === 0xa1 || sequence.tag === 0xa3) {
      segments.push(sequence.raw.subarray(0, readTlvHead(sequence.raw, 0).valueAt));
      segments.push(...readTlvs(sequence.value).map((block) => block.raw));
    } else throw malformed(`a bound profile package with an element ${tagName(sequence.tag)}`);
  }
  return segments;
}
