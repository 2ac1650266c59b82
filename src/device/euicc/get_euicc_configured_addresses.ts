// ES10a GetEuiccConfiguredAddresses (SGP.22 §5.7.3): the default SM-DP+, if there is one, and the root SM-DS.
import { fields } from '../../der/fields.ts';
import { utf8 } from '../../der/text.ts';
import { tlv } from '../../der/write_tlv.ts';
import type { Command } from './command.ts';

export const getEuiccConfiguredAddresses: Command = ({ state }, command) => {
  fields(command).end();
  const { defaultSmdp, rootSmds } = state.addresses;
  return tlv(0xbf3c, ...(defaultSmdp ? [utf8(defaultSmdp, 0x80)] : []), utf8(rootSmds, 0x81));
};
