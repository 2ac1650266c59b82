// ES10a SetDefaultDpAddress (SGP.22 §5.7.4): sets the default SM-DP+; an empty address removes it.
import { fields } from '../../der/fields.ts';
import { integer } from '../../der/integer.ts';
import { readUtf8 } from '../../der/text.ts';
import { tlv } from '../../der/write_tlv.ts';
import type { Command } from './command.ts';

const addressBytesMax = 255;

export const setDefaultDpAddress: Command = (euicc, command) => {
  const cursor = fields(command);
  const address = readUtf8(cursor.take(0x80), addressBytesMax);
  cursor.end();
  if (address) euicc.state.addresses.defaultSmdp = address;
  else delete euicc.state.addresses.defaultSmdp;
  euicc.changed = true;
  return tlv(0xbf3f, integer(0, 0x80));
};
