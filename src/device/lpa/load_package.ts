// Loads a bound profile package into the card, segment by segment, and insists on a signed result (SGP.22 §5.7.6).
import type { FinalResult, ProfileInstallationResult } from '../../rsp/asn1/profile_installation_result.ts';
import { readProfileInstallationResult } from '../../rsp/asn1/profile_installation_result.ts';
import { segmentBoundProfilePackage } from '../../rsp/es8/segment_bound_profile_package.ts';
import { bppCommandIds, bppErrorReasons, codeName } from '../../rsp/es10/error_codes.ts';
import { DeviceError } from '../device_error.ts';
import { readAnswer } from './es9_answers.ts';
import type { Lpa } from './lpa.ts';

/** Stops at the first answer that is not empty. Throws `DeviceError` when the card never gives a result. */
export function loadPackage({ card }: Lpa, bytes: Uint8Array): ProfileInstallationResult {
  const segments = readAnswer('boundProfilePackage', () => segmentBoundProfilePackage(bytes));
  for (const segment of segments) {
    const answer = giveSegment(card, segment);
    if (answer.length > 0) return readProfileInstallationResult(answer);
  }
  throw new DeviceError('refused_by_card', 'The eUICC took the whole package but gave no result.', {
    cancelReason: 'loadBppExecutionError',
  });
}

function giveSegment(card: Lpa['card'], segment: Uint8Array): Uint8Array {
  try {
    return card.storeData(segment);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new DeviceError('refused_by_card', `The eUICC does not take the package (${detail}).`, {
      cancelReason: 'loadBppExecutionError',
      cause,
    });
  }
}

/** Throws `DeviceError` (`refused_by_card`) when the profile was not installed. */
export function checkInstalled(result: FinalResult): { aid: Uint8Array } {
  if ('successResult' in result) return { aid: result.successResult.aid };
  const { bppCommandId, errorReason } = result.errorResult;
  const reason = codeName(bppErrorReasons, errorReason) ?? `code ${errorReason}`;
  const command = codeName(bppCommandIds, bppCommandId) ?? `command ${bppCommandId}`;
  throw new DeviceError(
    'refused_by_card',
    `The eUICC did not install the profile: ${reason} in ${command}.`,
    {
      cardRefusal: { command: 'LoadBoundProfilePackage', code: errorReason, reason, bppCommandId },
    },
  );
}
