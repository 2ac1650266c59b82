// Doors between the wire and the core.
import type { z } from 'zod';
import type { Door } from '../../modules/accounts/index.ts';
import type { superSimDoor } from './doors_schemas.ts';

export function writeSuperSimDoor(door: Door<'supersim'>): z.output<typeof superSimDoor> {
  const { product, callbackEvents } = door.settings;
  return { product, callbackEvents, hasSigningSecret: door.hasSigningSecret };
}
