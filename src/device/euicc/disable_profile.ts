// ES10c DisableProfile (SGP.22 §5.7.17): refused for a profile that is not enabled or has PPR1.
import { integer } from '../../der/integer.ts';
import { tlv } from '../../der/write_tlv.ts';
import type { Command } from './command.ts';
import { findProfile } from './find_profile.ts';
import { addNotifications } from './notifications.ts';
import { hasPolicyRule } from './profile_metadata.ts';
import { readSwitchRequest } from './read_switch_request.ts';

const results = { ok: 0, iccidOrAidNotFound: 1, profileNotInEnabledState: 2, disallowedByPolicy: 3 } as const;

export const disableProfile: Command = (euicc, command) => {
  const { identifier } = readSwitchRequest(command);
  const answer = (result: keyof typeof results) => tlv(0xbf32, integer(results[result], 0x80));
  const profile = findProfile(euicc.state, identifier);
  if (!profile) return answer('iccidOrAidNotFound');
  if (profile.state !== 'enabled') return answer('profileNotInEnabledState');
  if (hasPolicyRule(profile, 'ppr1')) return answer('disallowedByPolicy');
  profile.state = 'disabled';
  addNotifications(euicc, profile, 'disable');
  return answer('ok');
};
