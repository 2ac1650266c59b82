// ES10b RemoveNotificationFromList (SGP.22 §5.7.11): forgets a notification that was delivered.
import { fields } from '../../der/fields.ts';
import { integer, readUnsigned } from '../../der/integer.ts';
import { tlv } from '../../der/write_tlv.ts';
import type { Command } from './command.ts';

const results = { ok: 0, nothingToDelete: 1 } as const;

export const removeNotificationFromList: Command = (euicc, command) => {
  const cursor = fields(command);
  const wanted = readUnsigned(cursor.take(0x80));
  cursor.end();
  const kept = euicc.state.notifications.filter(({ seqNumber }) => seqNumber !== wanted);
  if (kept.length === euicc.state.notifications.length)
    return tlv(0xbf30, integer(results.nothingToDelete, 0x80));
  euicc.state.notifications = kept;
  euicc.changed = true;
  return tlv(0xbf30, integer(results.ok, 0x80));
};
