// RADIUS accounting (RFC 2866): usage as gateways and access servers tell it.
// Invariants: nothing is answered to an unknown address or without the secret; a packet is answered only after `record`
// resolved; a copy of an answered packet is answered again and not recorded; malformed bytes are dropped, never guessed at.
export { type RadiusClient, readRadiusClients } from './radius_clients.ts';
export { createRadiusServer, type RadiusServer, type RadiusServerOptions } from './radius_server.ts';
