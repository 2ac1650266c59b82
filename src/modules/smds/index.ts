// The SM-DS: tells an eUICC that proved itself which RSP servers hold something for it (SGP.22 ES11, ES12, ES15).
// Owns: smds.events, smds.sessions. Emits nothing: what is registered here belongs to other servers.
// Invariants: only whoever registered an event deletes it, and reading it does not; an EID is never taken from a request
// body on ES11, and one that nobody knows looks like one without events; an event that goes on to the root SM-DS is given
// out only once the root has it. A session ends with AuthenticateClient, whatever came of it; one may be lost in a power
// cut: that costs a client a retry.
export { type AuthenticateClient, authenticateClient, type DiscoveredEvents } from './authenticate_client.ts';
export { checkRegistrant, type RegistrantRole } from './check_registrant.ts';
export { deleteEvent, removeEvent } from './delete_event.ts';
export { checkEventForm, type EventEntry, type EventToRegister } from './event.ts';
export { initiateAuthentication } from './initiate_authentication.ts';
export { putEvents, registerEvent } from './register_event.ts';
export {
  checkSmdsTls,
  isSmdsAddress,
  type LoadSmds,
  loadSmds,
  type RootSmds,
  reloadSmds,
  type Smds,
  type SmdsCtx,
  type SmdsSettings,
} from './smds.ts';
export { createSmdsClient, type SmdsClient, type SmdsClientOptions } from './smds_client.ts';
export { sweepSessions } from './sweep_sessions.ts';
