// The profile that a phone with this card would use.
import type { CardState, InstalledProfile } from '../card_state.ts';
import { DeviceError } from '../device_error.ts';

/** The enabled profile. Throws `DeviceError` when the card has none. */
export function enabledProfile(state: CardState): InstalledProfile {
  const profile = state.profiles.find((each) => each.state === 'enabled');
  if (profile) return profile;
  const words =
    state.profiles.length === 0
      ? 'The card has no profile: download one first.'
      : 'No profile of the card is enabled: enable one first.';
  throw new DeviceError('refused_by_card', words);
}
