// What an installation result says, in words, and whether the same eUICC may try again (SGP.22 §2.5.6).

import { toHex } from '../../../base/bytes.ts';
import type { FinalResult } from '../../../rsp/asn1/profile_installation_result.ts';

/** Kept as `last_result` of the profile. */
export type InstallationResult =
  | { outcome: 'installed'; aid: string }
  | { outcome: 'failed'; reason: string; retriable: boolean; simaResponse?: string };

/** ProfileInstallationResult, BppCommandId. */
const bppCommands: Record<number, string> = {
  0: 'initialiseSecureChannel',
  1: 'configureISDP',
  2: 'storeMetadata',
  3: 'storeMetadata2',
  4: 'replaceSessionKeys',
  5: 'loadProfileElements',
};

/** ProfileInstallationResult, ErrorReason. One that lies in the profile itself would be the same next time. */
const errorReasons: Record<number, { name: string; retriable: boolean }> = {
  1: { name: 'incorrectInputValues', retriable: true },
  2: { name: 'invalidSignature', retriable: true },
  3: { name: 'invalidTransactionId', retriable: true },
  4: { name: 'unsupportedCrtValues', retriable: true },
  5: { name: 'unsupportedRemoteOperationType', retriable: true },
  6: { name: 'unsupportedProfileClass', retriable: false },
  7: { name: 'scp03tStructureError', retriable: true },
  8: { name: 'scp03tSecurityError', retriable: true },
  9: { name: 'iccidAlreadyExistsOnEUICC', retriable: true },
  10: { name: 'insufficientMemoryForProfile', retriable: true },
  11: { name: 'installInterrupted', retriable: true },
  12: { name: 'PEProcessingError', retriable: true },
  13: { name: 'dataMismatch', retriable: false },
  14: { name: 'invalidNaaKey', retriable: false },
  15: { name: 'pprNotAllowed', retriable: false },
  127: { name: 'installFailedDueToUnknownError', retriable: true },
};

const simaResponseBytesMax = 1024;

/** Codes of later versions are kept as numbers and may be tried again. */
export function readInstallationResult(result: FinalResult): InstallationResult {
  if ('successResult' in result) return { outcome: 'installed', aid: toHex(result.successResult.aid) };
  const { bppCommandId, errorReason, simaResponse } = result.errorResult;
  const { name, retriable } = errorReasons[errorReason] ?? { name: `error ${errorReason}`, retriable: true };
  const command = bppCommands[bppCommandId] ?? `command ${bppCommandId}`;
  const reason = `${name} at bppCommand ${command}`;
  return {
    outcome: 'failed',
    reason,
    retriable,
    ...(simaResponse && { simaResponse: toHex(simaResponse.subarray(0, simaResponseBytesMax)) }),
  };
}
