// ES10c eUICCMemoryReset (SGP.22 §5.7.19): heeds no policy rule, keeps provisioning profiles, notifications and counters.
import { readNamedBits } from '../../der/bit_string.ts';
import { fields } from '../../der/fields.ts';
import { integer } from '../../der/integer.ts';
import { tlv } from '../../der/write_tlv.ts';
import type { InstalledProfile } from '../card_state.ts';
import type { Command } from './command.ts';
import { addNotifications } from './notifications.ts';
import { classOf } from './profile_metadata.ts';

const resetBits = { operationalProfiles: 0, testProfiles: 1, defaultSmdpAddress: 2 } as const;
const results = { ok: 0, nothingToDelete: 1 } as const;

export const euiccMemoryReset: Command = (euicc, command) => {
  const cursor = fields(command);
  const bits = readNamedBits(cursor.take(0x82));
  cursor.end();
  const { state } = euicc;
  const goes = (profile: InstalledProfile) => {
    const profileClass = classOf(profile);
    return (
      (profileClass === 'operational' && bits.includes(resetBits.operationalProfiles)) ||
      (profileClass === 'test' && bits.includes(resetBits.testProfiles))
    );
  };
  const deleted = state.profiles.filter(goes);
  state.profiles = state.profiles.filter((profile) => !goes(profile));
  for (const profile of deleted) addNotifications(euicc, profile, 'delete');
  if (bits.includes(resetBits.defaultSmdpAddress)) delete state.addresses.defaultSmdp;
  euicc.changed = true;
  return tlv(0xbf34, integer(deleted.length > 0 ? results.ok : results.nothingToDelete, 0x80));
};
