// Doors between the wire and the core.
import type { z } from 'zod';
import type { Door } from '../../modules/accounts/index.ts';
import type { connectDoor, superSimDoor } from './doors_schemas.ts';

export function writeSuperSimDoor(door: Door<'supersim'>): z.output<typeof superSimDoor> {
  const { product, callbackEvents } = door.settings;
  return { product, callbackEvents, hasSigningSecret: door.hasSigningSecret };
}

export function writeConnectDoor(door: Door<'connect'>): z.output<typeof connectDoor> {
  return { ...door.settings, hasSigningSecret: door.hasSigningSecret };
}
