// Fleets: made, changed, listed.
import { z } from 'zod';
import { createFleet, getFleet, listFleets, updateFleet } from '../../modules/sims/index.ts';
import { write } from '../../pg/write.ts';
import { readIdempotencyKey } from '../http/idempotency_key.ts';
import { writeOnce } from '../http/write_once.ts';
import { fleet, fleetList, newFleetBody, updateFleetBody } from './fleets_schemas.ts';
import { readNewFleet, readUpdateFleet, writeFleet } from './fleets_translate.ts';
import { readIdCursor, writePage } from './page.ts';
import { type Route, route } from './route.ts';
import { paging, text } from './schemas.ts';

const params = z.strictObject({ fleet: text(64).describe('Id or unique name.') });

export const fleetRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/fleets',
    operationId: 'createFleet',
    summary: 'Make a fleet',
    description: 'Its SIMs share an access point, a data limit, networks, and where their commands are told.',
    scope: 'lines:write',
    body: newFleetBody,
    idempotent: true,
    response: { status: 201, description: 'The fleet.', schema: fleet },
    errors: ['not_found', 'name_taken', 'idempotency_key_reused'],
    handler: async ({ ctx, account, body, request }) => {
      const key = readIdempotencyKey(request);
      const once = { accountId: account.id, operation: 'fleet.create', key, input: body };
      const input = readNewFleet(account.id, body);
      return writeFleet(await writeOnce(ctx, once, (tx) => createFleet(tx, input)));
    },
  }),
  route({
    method: 'GET',
    path: '/fleets',
    operationId: 'listFleets',
    summary: 'List fleets, newest first',
    scope: 'read',
    query: z.strictObject(paging),
    response: { status: 200, description: 'One page.', schema: fleetList },
    errors: [],
    handler: async ({ ctx, account, query: { cursor, limit } }) => {
      const before = readIdCursor('fleet', cursor);
      const fleets = await listFleets(ctx, { accountId: account.id, limit, ...(before && { before }) });
      return writePage(fleets, { limit, cursorOf: (each) => each.id, write: writeFleet });
    },
  }),
  route({
    method: 'GET',
    path: '/fleets/{fleet}',
    operationId: 'getFleet',
    summary: 'Get a fleet',
    scope: 'read',
    params,
    response: { status: 200, description: 'The fleet as it is now.', schema: fleet },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { fleet: key } }) =>
      writeFleet(await getFleet(ctx, { accountId: account.id, key })),
  }),
  route({
    method: 'POST',
    path: '/fleets/{fleet}',
    operationId: 'updateFleet',
    summary: 'Change a fleet',
    description:
      'What is left out stays. Its SIMs follow at once: a raised limit lets their data flow again, a lowered one stops it. SIMs that are attached keep their network when the profile changes.',
    scope: 'lines:write',
    params,
    body: updateFleetBody,
    response: { status: 200, description: 'The fleet as it is now.', schema: fleet },
    errors: ['not_found', 'name_taken'],
    handler: async ({ ctx, account, params: { fleet: key }, body }) => {
      const input = readUpdateFleet(account.id, key, body);
      return writeFleet(await write(ctx, {}, (tx) => updateFleet(tx, input)));
    },
  }),
];
