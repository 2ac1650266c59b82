// ES10b ListNotification (SGP.22 §5.7.9): the metadata of what waits to be sent, filtered by kind.
import { fields } from '../../der/fields.ts';
import { tlv } from '../../der/write_tlv.ts';
import { notificationEvents, readFlags } from '../../rsp/asn1/named_flags.ts';
import type { Command } from './command.ts';
import { writeMetadata } from './notifications.ts';

export const listNotification: Command = ({ state }, command) => {
  const cursor = fields(command);
  const filter = cursor.optional(0x81);
  cursor.end();
  const events = filter && readFlags(filter, notificationEvents);
  const listed = state.notifications.filter(({ operation }) => !events || events.includes(operation));
  return tlv(0xbf28, tlv(0xa0, ...listed.map(writeMetadata)));
};
