// ES10c EnableProfile (SGP.22 §5.7.16): the profile enabled before is disabled along with it, unless it has PPR1.
import { integer } from '../../der/integer.ts';
import { tlv } from '../../der/write_tlv.ts';
import type { Command } from './command.ts';
import { findProfile } from './find_profile.ts';
import { addNotifications } from './notifications.ts';
import { hasPolicyRule } from './profile_metadata.ts';
import { readSwitchRequest } from './read_switch_request.ts';

const results = {
  ok: 0,
  iccidOrAidNotFound: 1,
  profileNotInDisabledState: 2,
  disallowedByPolicy: 3,
} as const;

export const enableProfile: Command = (euicc, command) => {
  const { identifier } = readSwitchRequest(command);
  const answer = (result: keyof typeof results) => tlv(0xbf31, integer(results[result], 0x80));
  const profile = findProfile(euicc.state, identifier);
  if (!profile) return answer('iccidOrAidNotFound');
  if (profile.state !== 'disabled') return answer('profileNotInDisabledState');
  const enabledBefore = euicc.state.profiles.find(({ state }) => state === 'enabled');
  if (enabledBefore && hasPolicyRule(enabledBefore, 'ppr1')) return answer('disallowedByPolicy');
  if (enabledBefore) {
    enabledBefore.state = 'disabled';
    addNotifications(euicc, enabledBefore, 'disable');
  }
  profile.state = 'enabled';
  addNotifications(euicc, profile, 'enable');
  return answer('ok');
};
