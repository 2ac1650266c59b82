// ES10c DeleteProfile (SGP.22 §5.7.18): only a disabled profile without PPR2 can go; its notifications stay.
import { fields } from '../../der/fields.ts';
import { integer } from '../../der/integer.ts';
import { tlv } from '../../der/write_tlv.ts';
import type { Command } from './command.ts';
import { findProfile } from './find_profile.ts';
import { addNotifications } from './notifications.ts';
import { hasPolicyRule } from './profile_metadata.ts';

const results = {
  ok: 0,
  iccidOrAidNotFound: 1,
  profileNotInDisabledState: 2,
  disallowedByPolicy: 3,
} as const;

export const deleteProfile: Command = (euicc, command) => {
  const cursor = fields(command);
  const identifier = cursor.next();
  cursor.end();
  const answer = (result: keyof typeof results) => tlv(0xbf33, integer(results[result], 0x80));
  const profile = findProfile(euicc.state, identifier);
  if (!profile) return answer('iccidOrAidNotFound');
  if (profile.state !== 'disabled') return answer('profileNotInDisabledState');
  if (hasPolicyRule(profile, 'ppr2')) return answer('disallowedByPolicy');
  euicc.state.profiles = euicc.state.profiles.filter((other) => other !== profile);
  addNotifications(euicc, profile, 'delete');
  return answer('ok');
};
