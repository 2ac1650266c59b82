// ES10c GetEID (SGP.22 §5.7.20): the 16 bytes of the EID.
import { toBcd } from '../../base/digits.ts';
import { fields } from '../../der/fields.ts';
import { octets } from '../../der/octets.ts';
import { malformed } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';
import type { Command } from './command.ts';

export const getEid: Command = ({ state }, command) => {
  const cursor = fields(command);
  const tags = cursor.take(0x5c);
  cursor.end();
  if (tags.value.length !== 1 || tags.value[0] !== 0x5a) throw malformed('the tag list is not 5A');
  return tlv(0xbf3e, octets(toBcd(state.eid, 16), 0x5a));
};
