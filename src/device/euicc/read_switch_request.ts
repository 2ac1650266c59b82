// The body EnableProfile and DisableProfile share: which profile, and whether the device is to be refreshed.
import { readBoolean } from '../../der/boolean.ts';
import { fields } from '../../der/fields.ts';
import type { Tlv } from '../../der/tlv.ts';
import { readIdentifier } from './find_profile.ts';

/** Both members are mandatory. Throws `malformed_der`. */
export function readSwitchRequest(command: Tlv): { identifier: Tlv; refresh: boolean } {
  const cursor = fields(command);
  const identifier = readIdentifier(cursor.take(0xa0));
  const refresh = readBoolean(cursor.take(0x81));
  cursor.end();
  return { identifier, refresh };
}
