// ES10b LoadBoundProfilePackage (SGP.22 §5.7.6): takes a package segment by segment; all of it is installed, or nothing.
import { assert } from '../../base/assert.ts';
import { concat, fromHex } from '../../base/bytes.ts';
import { BlockError } from '../../crypto/block_error.ts';
import { readTlvHead } from '../../der/tlv.ts';
import type { FinalResult } from '../../rsp/asn1/profile_installation_result.ts';
import { boundProfilePackageTag } from '../../rsp/es8/build_bound_profile_package.ts';
import { bppErrorReasons } from '../../rsp/es10/error_codes.ts';
import { bppCommands } from './bpp_commands.ts';
import { BppError } from './bpp_error.ts';
import type { Euicc } from './euicc.ts';
import { finishLoading } from './finish_loading.ts';
import { initialiseSecureChannel } from './initialise_secure_channel.ts';
import { simaResponseOk } from './install_profile.ts';
import { addNotifications } from './notifications.ts';
import { StatusWordError } from './status_word_error.ts';
import { takeBlock, takeSequenceHead } from './take_blocks.ts';

const accepted = new Uint8Array();

/**
 * Empty for a segment that was accepted; BF37 for the last one, or for the one that was refused. A segment must hold whole
 * blocks. Throws `StatusWordError` when no package is expected.
 */
export function loadBoundProfilePackage(euicc: Euicc, segment: Uint8Array): Uint8Array {
  const { session } = euicc;
  const starts = session.state === 'prepared' && readTlvHead(segment, 0).tag === boundProfilePackageTag;
  if (!starts && session.state !== 'loading')
    throw new StatusWordError('wrongState', 'no bound profile package is expected');
  try {
    const at = session.state === 'prepared' ? initialiseSecureChannel(euicc, session, segment) : 0;
    return takeElements(euicc, segment, at) ? finishInstalled(euicc) : accepted;
  } catch (error) {
    return finishLoading(euicc, { errorResult: errorResultOf(euicc, error) });
  }
}

/** True when that was the last byte of the package. */
function takeElements(euicc: Euicc, segment: Uint8Array, start: number): boolean {
  const { session } = euicc;
  assert(session.state === 'loading', 'the secure channel is open');
  const { loading } = session;
  for (let at = start; at < segment.length; ) {
    at += loading.sequence
      ? takeBlock(euicc, loading, segment, at)
      : takeSequenceHead(euicc, loading, segment, at);
    if (!loading.sequence || loading.sequenceBytesLeft > 0) continue;
    bppCommands[loading.sequence.command](euicc, session, concat(...loading.opened));
    loading.next = loading.sequence.next;
    loading.sequence = undefined;
  }
  return loading.bytesLeft === 0;
}

/** The result for the server that was asked, and a notification for every other address that wants one. */
function finishInstalled(euicc: Euicc): Uint8Array {
  const profile = euicc.state.profiles.at(-1);
  const address = euicc.state.loading?.address;
  assert(profile && address !== undefined, 'a profile was installed');
  const result = finishLoading(euicc, {
    successResult: { aid: fromHex(profile.aid), simaResponse: simaResponseOk },
  });
  addNotifications(euicc, profile, 'install', address);
  return result;
}

type ErrorResult = Extract<FinalResult, { errorResult: unknown }>['errorResult'];

/** Rethrows what is no reason to refuse a package. */
function errorResultOf(euicc: Euicc, error: unknown): ErrorResult {
  const bppCommandId = euicc.state.loading?.bppCommandId ?? 0;
  if (error instanceof BppError)
    return { bppCommandId, errorReason: bppErrorReasons[error.reason], simaResponse: error.simaResponse };
  if (!(error instanceof BlockError)) throw error;
  const reason = error.fault === 'structure' ? 'scp03tStructureError' : 'scp03tSecurityError';
  return { bppCommandId, errorReason: bppErrorReasons[reason] };
}
