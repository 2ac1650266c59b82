// What an installation result says, in words, and whether the same eUICC may try again (SGP.22 §2.5.6).

import { AppError } from '../../../base/app_error.ts';
import { toHex } from '../../../base/bytes.ts';
import { peStatusName, readEuiccResponses } from '../../../rsp/asn1/euicc_response.ts';
import type { FinalResult } from '../../../rsp/asn1/profile_installation_result.ts';

/** Kept as `last_result` of the profile. */
export type InstallationResult =
  | { outcome: 'installed'; aid: string }
  | {
      outcome: 'failed';
      /** In words: `PEProcessingError at element 12 (bad-values)`. */
      reason: string;
      retriable: boolean;
      /** The codes as the eUICC gave them. */
      bppCommandId: number;
      errorReason: number;
      /** The elements of the profile package that the eUICC names as the cause. */
      elements?: FailedElement[];
      /** What the eUICC says in words of its own. */
      message?: string;
      /** Hex, cut at 1,024 bytes. */
      simaResponse?: string;
    };

/** `element` is the number in its header; missing when the eUICC does not say which. */
export type FailedElement = { element?: number; status: number; statusName: string; offset?: number };

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
const elementsMax = 20;

/** Codes of later versions are kept as numbers and may be tried again. */
export function readInstallationResult(result: FinalResult): InstallationResult {
  if ('successResult' in result) return { outcome: 'installed', aid: toHex(result.successResult.aid) };
  const { bppCommandId, errorReason, simaResponse } = result.errorResult;
  const { name, retriable } = errorReasons[errorReason] ?? { name: `error ${errorReason}`, retriable: true };
  const { elements, message } = readCause(simaResponse);
  return {
    outcome: 'failed',
    reason: `${name} at ${placeOf(bppCommandId, elements[0])}`,
    retriable,
    bppCommandId,
    errorReason,
    ...(elements.length > 0 && { elements }),
    ...(message !== undefined && { message }),
    ...(simaResponse && { simaResponse: toHex(simaResponse.subarray(0, simaResponseBytesMax)) }),
  };
}

/** The first element that failed; without one the command that was under way. */
function placeOf(bppCommandId: number, failed: FailedElement | undefined): string {
  const status = failed ? ` (${failed.statusName})` : '';
  if (failed?.element !== undefined) return `element ${failed.element}${status}`;
  return `bppCommand ${bppCommands[bppCommandId] ?? `command ${bppCommandId}`}${status}`;
}

/** What `simaResponse` says; nothing when it is left out or cannot be read: cards in the field send their own forms. */
function readCause(simaResponse: Uint8Array | undefined): { elements: FailedElement[]; message?: string } {
  try {
    const responses = readEuiccResponses(simaResponse ?? new Uint8Array(0));
    const failed = responses.flatMap(({ peStatus }) => peStatus).filter(({ status }) => status !== 0);
    const message = responses.find(({ statusMessage }) => statusMessage)?.statusMessage;
    return {
      elements: failed.slice(0, elementsMax).map(({ identification, status, offset }) => ({
        ...(identification !== undefined && { element: identification }),
        status,
        statusName: peStatusName(status),
        ...(offset !== undefined && { offset }),
      })),
      // PostgreSQL's json holds no NUL.
      ...(message !== undefined && { message: message.replace(/\p{Cc}/gu, ' ') }),
    };
  } catch (error) {
    if (error instanceof AppError) return { elements: [] };
    throw error;
  }
}
