// Where a profile comes from: an activation code, an SM-DP+ address alone, or the default SM-DP+ of the card.
import { AppError } from '../../base/app_error.ts';
import { readActivationCode } from '../../rsp/activation_code.ts';
import { DeviceError } from '../device_error.ts';
import { type Es10, getConfiguredAddresses } from './es10_client.ts';

/** The text of an activation code, or an address; without one the default SM-DP+ of the card. */
export type DownloadSource = string | { smdpAddress?: string };

/** An empty `matchingId` asks for the profile that waits for this EID. `smdpOid`: the server has to have it. */
export type DownloadTarget = { address: string; matchingId: string; smdpOid: string | undefined };

/** Throws `DeviceError` (`invalid_input`). */
export function readDownloadSource(card: Es10, source: DownloadSource): DownloadTarget {
  if (typeof source === 'string') return readCode(source);
  const address = source.smdpAddress ?? getConfiguredAddresses(card).defaultSmdp;
  if (!address)
    throw new DeviceError(
      'invalid_input',
      'The card has no default SM-DP+: give an activation code or an address.',
    );
  return { address, matchingId: '', smdpOid: undefined };
}

function readCode(text: string): DownloadTarget {
  try {
    const { smdpAddress, matchingId, smdpOid } = readActivationCode(text);
    return { address: smdpAddress, matchingId, smdpOid };
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw new DeviceError('invalid_input', `This is no usable activation code: ${cause.detail}.`, { cause });
  }
}
