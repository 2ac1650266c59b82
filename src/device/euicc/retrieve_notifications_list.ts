// ES10b RetrieveNotificationsList (SGP.22 §5.7.10): the signed notifications themselves, by number, by kind, or all.
import { fields } from '../../der/fields.ts';
import { readUnsigned } from '../../der/integer.ts';
import { malformed, readTlv, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';
import { notificationEvents, readFlags } from '../../rsp/asn1/named_flags.ts';
import type { StoredNotification } from '../card_state.ts';
import type { Command } from './command.ts';

export const retrieveNotificationsList: Command = ({ state }, command) => {
  const cursor = fields(command);
  const criteria = cursor.optional(0xa0);
  cursor.end();
  const matches = criteria ? readCriteria(readTlv(criteria.value)) : () => true;
  const found = state.notifications.filter(matches);
  return tlv(0xbf2b, tlv(0xa0, ...found.map(({ pending }) => Buffer.from(pending, 'base64'))));
};

function readCriteria(choice: Tlv): (notification: StoredNotification) => boolean {
  if (choice.tag === 0x80) {
    const wanted = readUnsigned(choice);
    return ({ seqNumber }) => seqNumber === wanted;
  }
  if (choice.tag !== 0x81) throw malformed('the search criteria are a number (80) or a kind (81)');
  const events = readFlags(choice, notificationEvents);
  return ({ operation }) => events.includes(operation);
}
