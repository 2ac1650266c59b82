// Commands: short messages to and from devices.
import { z } from 'zod';
import { getCommand, getSim, listCommands, sendCommand } from '../../modules/sims/index.ts';
import { readIdempotencyKey } from '../http/idempotency_key.ts';
import { writeOnce } from '../http/write_once.ts';
import {
  command,
  commandDirection,
  commandKind,
  commandList,
  commandStatus,
  sendCommandBody,
} from './commands_schemas.ts';
import { writeCommand } from './commands_translate.ts';
import { readIdCursor, writePage } from './page.ts';
import { type Route, route } from './route.ts';
import { paging, text } from './schemas.ts';
import { simKey } from './sims_schemas.ts';

export const commandRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/commands',
    operationId: 'sendCommand',
    summary: 'Send a command to a SIM',
    description:
      'It waits until the SIM is attached, up to 24 hours; follow it by the events `command.*`. Up to 100 may wait.',
    scope: 'lines:write',
    body: sendCommandBody,
    idempotent: true,
    response: { status: 201, description: 'The command is queued.', schema: command },
    errors: ['not_found', 'conflict', 'idempotency_key_reused'],
    handler: async ({ ctx, account: { id: accountId }, body, request }) => {
      const key = readIdempotencyKey(request);
      const once = { accountId, operation: 'command.send', key, input: body };
      return writeCommand(await writeOnce(ctx, once, (tx) => sendCommand(tx, { accountId, ...body })));
    },
  }),
  route({
    method: 'GET',
    path: '/commands',
    operationId: 'listCommands',
    summary: 'List commands, newest first',
    scope: 'read',
    query: z.strictObject({
      ...paging,
      sim: simKey.exactOptional(),
      kind: commandKind.exactOptional(),
      status: commandStatus.exactOptional(),
      direction: commandDirection.exactOptional(),
    }),
    response: { status: 200, description: 'One page.', schema: commandList },
    errors: ['not_found'],
    handler: async ({ ctx, account: { id: accountId }, query: { cursor, sim, ...filter } }) => {
      const before = readIdCursor('command', cursor);
      const ofSim = sim !== undefined && { simId: (await getSim(ctx, { accountId, key: sim })).id };
      const found = await listCommands(ctx, { accountId, ...filter, ...ofSim, ...(before && { before }) });
      return writePage(found, { limit: filter.limit, cursorOf: (each) => each.id, write: writeCommand });
    },
  }),
  route({
    method: 'GET',
    path: '/commands/{id}',
    operationId: 'getCommand',
    summary: 'Get a command',
    scope: 'read',
    params: z.strictObject({ id: text(64) }),
    response: { status: 200, description: 'The command as it is now.', schema: command },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { id } }) =>
      writeCommand(await getCommand(ctx, { accountId: account.id, id })),
  }),
];
