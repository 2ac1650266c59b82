// ES10b GetEUICCChallenge (SGP.22 §5.7.7): 16 fresh random bytes; an earlier session, whatever its state, is over.
import { randomBytes } from 'node:crypto';
import { fields } from '../../der/fields.ts';
import { octets } from '../../der/octets.ts';
import { tlv } from '../../der/write_tlv.ts';
import type { Command } from './command.ts';
import { interruptLoading } from './finish_loading.ts';

export const getEuiccChallenge: Command = (euicc, command) => {
  fields(command).end();
  interruptLoading(euicc);
  const challenge = randomBytes(16);
  euicc.session = { state: 'challenged', challenge };
  return tlv(0xbf2e, octets(challenge, 0x80));
};
