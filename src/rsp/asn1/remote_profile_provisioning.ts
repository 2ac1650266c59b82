// RemoteProfileProvisioningRequest and -Response: the envelope of every message in the ASN.1 binding of ES9+ and ES11.
import { AppError } from '../../base/app_error.ts';
import { fields } from '../../der/fields.ts';
import { integer, readInteger } from '../../der/integer.ts';
import { malformed, readTagged, readTlvHead, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';

/**
 * SGP.22 §6.6.1 and Annex H:
 *   RemoteProfileProvisioningRequest [2] CHOICE {
 *     initiateAuthenticationRequest [57], authenticateClientRequest [59], getBoundProfilePackageRequest [58],
 *     cancelSessionRequestEs9 [65], handleNotification [61] }
 *   RemoteProfileProvisioningResponse [2] CHOICE {
 *     initiateAuthenticationResponse [57], authenticateClientResponseEs9 [59], getBoundProfilePackageResponse [58],
 *     cancelSessionResponseEs9 [65], authenticateClientResponseEs11 [64] }
 * Each response is a CHOICE itself: what was asked for under [0], or an error INTEGER under [1].
 */
export const provisioningTags = {
  initiateAuthentication: 0xbf39,
  getBoundProfilePackage: 0xbf3a,
  authenticateClient: 0xbf3b,
  handleNotification: 0xbf3d,
  es11AuthenticateClient: 0xbf40,
  cancelSession: 0xbf41,
} as const;

const envelopeTag = 0xa2;

/** The one message in the envelope, `raw` as it came. Throws `malformed_der`. */
export function readProvisioningMessage(bytes: Uint8Array): Tlv {
  const cursor = fields(readTagged(bytes, envelopeTag));
  const message = cursor.next();
  cursor.end();
  return message;
}

/** The tag of the message in an envelope that may be damaged behind it; undefined when not even that can be read. */
export function provisioningTagOf(bytes: Uint8Array): number | undefined {
  try {
    const envelope = readTlvHead(bytes, 0);
    return envelope.tag === envelopeTag ? readTlvHead(bytes, envelope.valueAt).tag : undefined;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** `message` is a whole element. */
export function writeProvisioningMessage(message: Uint8Array): Uint8Array {
  return tlv(envelopeTag, message);
}

/** A response that holds these elements. */
export function writeProvisioningOk(tag: number, ...elements: Uint8Array[]): Uint8Array {
  return tlv(tag, tlv(0xa0, ...elements));
}

/** A response that refuses with this error integer. */
export function writeProvisioningError(tag: number, errorCode: number): Uint8Array {
  return tlv(tag, integer(errorCode, 0x81));
}

/** What a response holds: the elements of a success, or the error integer. Throws `malformed_der`. */
export function readProvisioningResponse(
  source: Uint8Array | Tlv,
  tag: number,
): { ok: Tlv } | { errorCode: number } {
  const cursor = fields(readTagged(source, tag));
  const choice = cursor.next();
  cursor.end();
  if (choice.tag === 0xa0) return { ok: choice };
  if (choice.tag === 0x81) return { errorCode: readInteger(choice) };
  throw malformed('a response that is neither a success nor an error');
}
