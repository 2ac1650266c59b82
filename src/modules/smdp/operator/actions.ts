// What an operator may do with a profile in each state, as data; and for each refusal, what would do instead.
import { AppError } from '../../../base/app_error.ts';
import type { ProfileState } from '../profiles/profile.ts';

/**
 * `reset` gives it its attempts back, `release` opens it anew for download, `rebind` gives it to another eUICC,
 * `expire` ends its offer.
 */
export type OperatorAction = 'reset' | 'release' | 'rebind' | 'expire';

/** The actions of a profile in this state. */
export function actionsFrom(state: ProfileState): OperatorAction[] {
  return actions.filter((action) => !refusals[action][state] || (action === 'release' && isWord(state)));
}

/**
 * Refuses an action that the state does not allow. With `notOnDevice` the operator answers for it that no device holds
 * a profile that was downloaded. Throws `conflict` saying what would do.
 */
export function checkAction(action: OperatorAction, state: ProfileState, notOnDevice = false): void {
  const refusal = refusals[action][state];
  if (refusal === undefined || (action === 'release' && notOnDevice && isWord(state))) return;
  throw new AppError('conflict', `The profile is ${state}. ${refusal}`);
}

/** The states in which a device may hold it, by what the SM-DP+ knows: releasing it again needs the operator's word. */
function isWord(state: ProfileState): boolean {
  return state === 'downloaded' || state === 'installed';
}

const actions: readonly OperatorAction[] = ['reset', 'release', 'rebind', 'expire'];

const byRequester = 'It was never released: its function requester does that over ES2+.';
const onDevice =
  'Its device has not reported it deleted: say notOnDevice if no device holds it any more, and it is released again.';

const refusals: Record<OperatorAction, Partial<Record<ProfileState, string>>> = {
  reset: {
    installed: 'There is nothing to try again. Release it again if no device holds it any more.',
    deleted: 'Release it again.',
    unavailable: 'Release it again.',
  },
  release: {
    allocated: byRequester,
    linked: byRequester,
    confirmed: byRequester,
    released:
      'It can be downloaded already: reset it if its attempts are used up, rebind it for another EID.',
    downloaded: onDevice,
    installed: onDevice,
  },
  rebind: {
    downloaded: 'Release it again for the other EID, if the device that downloaded it does not hold it.',
    installed: 'Release it again for the other EID, if no device holds it any more.',
    deleted: 'Release it again, for the EID that shall have it.',
    error: 'Release it again, for the EID that shall have it.',
    unavailable: 'Release it again, for the EID that shall have it.',
  },
  expire: {
    allocated: 'It is not offered yet: its function requester cancels it over ES2+.',
    linked: 'It is not offered yet: its function requester cancels it over ES2+.',
    confirmed: 'It is not offered yet: its function requester cancels it over ES2+.',
    downloaded:
      'Its eUICC may still report it installed. Release it again if no device holds it, then expire it.',
    installed: 'It is on a device, and does not expire there.',
    deleted: 'It is not offered to anybody: there is nothing to end.',
    error: 'It is not offered to anybody: there is nothing to end.',
    unavailable: 'It is not offered to anybody: there is nothing to end.',
  },
};
