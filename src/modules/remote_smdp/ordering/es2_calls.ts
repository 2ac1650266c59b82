// The ES2+ calls that order a profile and take it back, as data: what is sent, and what of the answer is kept (SGP.22 §5.3).
import { RspCallError } from '../../../outgoing/rsp_call_error.ts';
import type { RemoteSmdp } from '../servers/remote_smdp.ts';
import type { RemoteProfile, RemoteStep } from './remote_profile.ts';

export type Es2Function = 'downloadOrder' | 'confirmOrder' | 'cancelOrder';

/** What an answer tells of the profile. */
export type OrderedParts = { iccid?: string; matchingId?: string | null; smdpAddress?: string };

/** The call that a profile needs next; undefined when there is nothing to call. */
export function nextCall(profile: Pick<RemoteProfile, 'step' | 'iccid'>): Es2Function | undefined {
  // What may have been ordered is ordered again by the same identifier, to learn what is to be cancelled.
  if (profile.step === 'to_cancel' && profile.iccid === null) return 'downloadOrder';
  return calls[profile.step];
}

const calls: Partial<Record<RemoteStep, Es2Function>> = {
  to_order: 'downloadOrder',
  to_confirm: 'confirmOrder',
  to_cancel: 'cancelOrder',
};

/**
 * The body of the call. Its identifier comes from the id of the profile, which was on disk before anything was sent: each
 * repetition has the same one, and no other call ever has.
 */
export function writeCall(
  called: Es2Function,
  profile: RemoteProfile,
  { requesterIdentifier, smdsAddress, code }: CallSettings,
): Record<string, unknown> {
  const header = {
    functionRequesterIdentifier: requesterIdentifier,
    functionCallIdentifier: `${profile.id}.${called}`,
  };
  return { header, ...bodies[called](profile, { smdsAddress, code }) };
}

export type CallSettings = Pick<RemoteSmdp, 'requesterIdentifier' | 'smdsAddress'> & {
  /** The confirmation code, in the clear. */
  code: string | undefined;
};

type Body = (
  profile: RemoteProfile,
  settings: Pick<CallSettings, 'smdsAddress' | 'code'>,
) => Record<string, unknown>;

const bodies: Record<Es2Function, Body> = {
  downloadOrder: ({ eid, remoteProfileType }) => ({
    ...(eid !== null && { eid }),
    profileType: remoteProfileType,
  }),
  confirmOrder: ({ iccid, eid, delivery }, { smdsAddress, code }) => ({
    iccid,
    ...(eid !== null && { eid }),
    // Left out, the server makes one; empty, the eUICC needs none.
    ...(delivery === 'default_smdp' && { matchingId: '' }),
    ...(code !== undefined && { confirmationCode: code }),
    ...(delivery === 'smds' && { smdsAddress }),
    releaseFlag: true,
  }),
  cancelOrder: ({ iccid, eid, matchingId }) => ({
    iccid,
    ...(eid !== null && { eid }),
    ...(matchingId !== null && { matchingId }),
    finalProfileStatusIndicator: 'Available',
  }),
};

/** What is kept of a successful answer. Throws `RspCallError` (misbehaved) when it lacks what it must have. */
export function readAnswer(
  called: Es2Function,
  profile: RemoteProfile,
  answer: Record<string, unknown>,
): OrderedParts {
  return readers[called](answer, profile);
}

const readers: Record<Es2Function, (answer: Record<string, unknown>, of: RemoteProfile) => OrderedParts> = {
  downloadOrder: ({ iccid }) => ({ iccid: readIccid(iccid) }),
  confirmOrder: ({ matchingId, smdpAddress }, { delivery }) => ({
    matchingId: readMatchingId(matchingId, delivery === 'default_smdp'),
    ...(typeof smdpAddress === 'string' && addressPattern.test(smdpAddress) && { smdpAddress }),
  }),
  cancelOrder: () => ({}),
};

const addressPattern = /^[A-Za-z0-9.-]{1,253}(:\d{1,5})?$/;
const matchingIdPattern = /^[^$\p{Cc}\p{Cs}]{1,255}$/u;

/** 18 to 20 digits; some pad 19 of them with an F. */
export function readIccid(value: unknown): string {
  const digits = typeof value === 'string' ? value.replace(/F$/i, '') : '';
  if (/^\d{18,20}$/.test(digits)) return digits;
  throw new RspCallError('misbehaved', 'the answer has no iccid of 18 to 20 digits');
}

function readMatchingId(value: unknown, mayBeEmpty: boolean): string | null {
  if (typeof value === 'string' && matchingIdPattern.test(value)) return mayBeEmpty ? null : value;
  if (mayBeEmpty) return null;
  throw new RspCallError('misbehaved', 'the answer has no matchingId that fits into an activation code');
}
