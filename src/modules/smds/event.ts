// An event: an RSP server holds something for an EID, and its id is what the server is to be asked with (SGP.22 §3.6).
import { RspError } from '../../rsp/rsp_error.ts';

export type EventToRegister = {
  /** 32 characters `0-9 A-F`. */
  eid: string;
  /** The characters of a matching id: `0-9 A-Z -`. */
  eventId: string;
  /** Where the LPA is sent: a host name, optionally with a port. */
  rspServerAddress: string;
  /** The OID of the server that registers it. */
  ownerOid: string;
  /** True: the event is to be registered at the root SM-DS too. */
  forwardingIndicator: boolean;
};

/** As LPAs get it. */
export type EventEntry = { eventId: string; rspServerAddress: string };

/** The event in its one spelling. Throws RspError `message_invalid` naming the member that cannot be. */
export function checkEventForm(event: EventToRegister): EventToRegister {
  const eid = checkEid(event.eid);
  checkMember('eventId', event.eventId, eventIdPattern);
  checkMember('rspServerAddress', event.rspServerAddress, addressPattern);
  return { ...event, eid };
}

/** Throws RspError `message_invalid`. */
export function checkEid(eid: string): string {
  const upper = eid.toUpperCase();
  checkMember('eid', upper, /^[0-9A-F]{32}$/);
  return upper;
}

const eventIdPattern = /^[0-9A-Z-]{1,255}$/;
const addressPattern = /^([A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?$/;

function checkMember(name: string, value: string, form: RegExp): void {
  if (!form.test(value)) throw new RspError('message_invalid', `${name}: not in the form of SGP.22`);
}
