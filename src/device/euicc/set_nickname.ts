// ES10c SetNickname (SGP.22 §5.7.21): replaces the nickname of a profile; an empty one removes it.
import { fields } from '../../der/fields.ts';
import { integer } from '../../der/integer.ts';
import { readUtf8 } from '../../der/text.ts';
import { tlv } from '../../der/write_tlv.ts';
import type { Command } from './command.ts';
import { findProfile } from './find_profile.ts';

const nicknameBytesMax = 64;
const results = { ok: 0, iccidNotFound: 1 } as const;

export const setNickname: Command = (euicc, command) => {
  const cursor = fields(command);
  const iccid = cursor.take(0x5a);
  const nickname = readUtf8(cursor.take(0x90), nicknameBytesMax);
  cursor.end();
  const profile = findProfile(euicc.state, iccid);
  if (!profile) return tlv(0xbf29, integer(results.iccidNotFound, 0x80));
  if (nickname) profile.nickname = nickname;
  else delete profile.nickname;
  euicc.changed = true;
  return tlv(0xbf29, integer(results.ok, 0x80));
};
