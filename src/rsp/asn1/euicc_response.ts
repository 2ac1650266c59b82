// EUICCResponse: what an eUICC says of the elements of a profile package that it installed, or could not install.
import { fields } from '../../der/fields.ts';
import { integer, readUnsigned } from '../../der/integer.ts';
import { readUtf8, utf8 } from '../../der/text.ts';
import { malformed, readTlvs, type Tlv } from '../../der/tlv.ts';
import { sequence, tlv } from '../../der/write_tlv.ts';

/**
 * Trusted Connectivity Alliance, eUICC Profile Package, one after the other in `simaResponse`:
 *   EUICCResponse SEQUENCE {
 *     peStatus [0] SEQUENCE OF PEStatus, profileInstallationAborted [1] NULL OPTIONAL
 *     statusMessage [2] UTF8String OPTIONAL, more may follow }
 *   PEStatus SEQUENCE {
 *     status [0] INTEGER, identification [1] INTEGER OPTIONAL, additionalInformation [2] INTEGER OPTIONAL
 *     offset [3] INTEGER OPTIONAL, more may follow }
 */
export type EuiccResponse = { peStatus: PeStatus[]; statusMessage?: string | undefined };

/** `identification` is the number of the element as its header gives it; `offset` counts bytes within it. */
export type PeStatus = {
  status: number;
  identification?: number | undefined;
  additionalInformation?: number | undefined;
  offset?: number | undefined;
};

/** The names of `status`; others are status words of the card (6xxx, 9xxx) or its maker's own. */
const peStatusNames: Record<number, string> = {
  0: 'ok',
  1: 'pe-not-supported',
  2: 'memory-failure',
  3: 'bad-values',
  4: 'not-enough-memory',
  5: 'invalid-request-format',
  6: 'invalid-parameter',
  7: 'runtime-not-supported',
  8: 'lib-not-supported',
  9: 'template-not-supported',
  10: 'feature-not-supported',
  11: 'pin-code-missing',
  31: 'unsupported-profile-version',
};

/** `bad-values`, or the number in hex for one without a name: `status 6A84`. */
export function peStatusName(status: number): string {
  return peStatusNames[status] ?? `status ${status.toString(16).toUpperCase().padStart(4, '0')}`;
}

const responsesMax = 100;
const statusesMax = 1000;

/** Cards encode this in their own ways: lengths need not be the shortest. Throws `malformed_der`. */
export function readEuiccResponses(simaResponse: Uint8Array): EuiccResponse[] {
  const responses = readTlvs(simaResponse, 'ber');
  if (responses.length > responsesMax || responses.some(({ tag }) => tag !== 0x30))
    throw malformed('not a list of EUICCResponse');
  return responses.map(readEuiccResponse);
}

function readEuiccResponse(field: Tlv): EuiccResponse {
  const cursor = fields(field, 'ber');
  const statuses = readTlvs(cursor.take(0xa0).value, 'ber');
  if (statuses.length > statusesMax) throw malformed('too many PEStatus');
  cursor.optional(0x81);
  const message = cursor.optional(0x82);
  cursor.rest();
  return { peStatus: statuses.map(readPeStatus), statusMessage: message && readUtf8(message, 255) };
}

function readPeStatus(field: Tlv): PeStatus {
  const cursor = fields(field, 'ber');
  const optional = (tag: number) => {
    const found = cursor.optional(tag);
    return found && readUnsigned(found);
  };
  const status = readUnsigned(cursor.take(0x80));
  const [identification, additionalInformation, offset] = [optional(0x81), optional(0x82), optional(0x83)];
  cursor.rest();
  return { status, identification, additionalInformation, offset };
}

export function writeEuiccResponse({ peStatus, statusMessage }: EuiccResponse): Uint8Array {
  const statuses = peStatus.map((each) =>
    sequence(
      integer(each.status, 0x80),
      ...(each.identification === undefined ? [] : [integer(each.identification, 0x81)]),
      ...(each.additionalInformation === undefined ? [] : [integer(each.additionalInformation, 0x82)]),
      ...(each.offset === undefined ? [] : [integer(each.offset, 0x83)]),
    ),
  );
  return sequence(
    tlv(0xa0, ...statuses),
    ...(statusMessage === undefined ? [] : [utf8(statusMessage, 0x82)]),
  );
}
