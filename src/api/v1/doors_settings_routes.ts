// The settings of a door that has nothing but settings: read and set in the same way for each of them.
import type { z } from 'zod';
import {
  type Door,
  type DoorName,
  type DoorSettings,
  getDoor,
  putDoor,
} from '../../modules/accounts/index.ts';
import { write } from '../../pg/write.ts';
import { type Route, route } from './route.ts';

export type SettingsOfDoor<D extends DoorName> = {
  door: D;
  /** As it is in the ids of operations: `getSuperSimDoor`. */
  name: string;
  /** As people write it. */
  vendor: string;
  schema: z.ZodType;
  body: z.ZodType<Partial<DoorSettings[D]>>;
  write: (door: Door<D>) => unknown;
};

export function settingsRoutes<D extends DoorName>({
  door,
  name,
  vendor,
  ...of
}: SettingsOfDoor<D>): Route[] {
  const path = `/doors/${door}`;
  return [
    route({
      method: 'GET',
      path,
      operationId: `get${name}Door`,
      summary: `Get how the ${vendor} API behaves for this account`,
      scope: 'read',
      response: {
        status: 200,
        description: 'What holds: what the account has not set is as its parent set it.',
        schema: of.schema,
      },
      errors: [],
      handler: async ({ ctx, account }) => of.write(await getDoor(ctx, { accountId: account.id, door })),
    }),
    route({
      method: 'PUT',
      path,
      operationId: `put${name}Door`,
      summary: `Set how the ${vendor} API behaves for this account`,
      description: 'What is left out is as the parent account set it, or as if nobody had set it.',
      scope: 'webhooks:write',
      body: of.body,
      response: { status: 200, description: 'What holds now.', schema: of.schema },
      errors: [],
      handler: async ({ ctx, account, body: settings }) =>
        of.write(await write(ctx, {}, (tx) => putDoor(tx, { accountId: account.id, door, settings }))),
    }),
  ];
}
