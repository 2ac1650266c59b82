// The doors for mobile cores and the simulated network: authentication, attachments, places, commands.
import { z } from 'zod';
import {
  attachLine,
  detachLine,
  locateLine,
  authenticationVector as nextVector,
  receiveCommand,
  reportCommand,
  takeCommands,
} from '../../modules/sims/index.ts';
import { write } from '../../pg/write.ts';
import { readIdempotencyKey } from '../http/idempotency_key.ts';
import { writeOnce } from '../http/write_once.ts';
import { command } from './commands_schemas.ts';
import { writeCommand } from './commands_translate.ts';
import {
  attachment,
  authenticationVector,
  commandReportBody,
  detachment,
  networkSimBody,
  receivedCommandBody,
  seenSimBody,
  takenCommands,
} from './network_schemas.ts';
import { readSeenSim, writeVector } from './network_translate.ts';
import { type Route, route } from './route.ts';
import { text } from './schemas.ts';

export const networkRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/network/authentication-vectors',
    operationId: 'createAuthenticationVector',
    summary: 'Get a challenge for a SIM of the simulated core',
    description: 'Each is used once. SIMs of another core are authenticated there.',
    scope: 'network',
    body: networkSimBody,
    response: { status: 200, description: 'The challenge and its answer.', schema: authenticationVector },
    errors: ['not_found', 'conflict'],
    handler: async ({ ctx, account: { id: accountId }, body }) =>
      writeVector(await write(ctx, {}, (tx) => nextVector(tx, { accountId, ...body }))),
  }),
  route({
    method: 'POST',
    path: '/network/attachments',
    operationId: 'attachSim',
    summary: 'Tell that a SIM attaches to a network',
    scope: 'network',
    body: seenSimBody,
    response: { status: 200, description: 'Whether it may, and what it gets.', schema: attachment },
    errors: ['not_found'],
    handler: ({ ctx, account, body }) =>
      write(ctx, {}, (tx) => attachLine(tx, readSeenSim(account.id, body))),
  }),
  route({
    method: 'POST',
    path: '/network/locations',
    operationId: 'locateSim',
    summary: 'Tell that an attached SIM is in another network',
    scope: 'network',
    body: seenSimBody,
    response: { status: 200, description: 'Whether it may stay attached there.', schema: attachment },
    errors: ['not_found', 'conflict'],
    handler: ({ ctx, account, body }) =>
      write(ctx, {}, (tx) => locateLine(tx, readSeenSim(account.id, body))),
  }),
  route({
    method: 'POST',
    path: '/network/detachments',
    operationId: 'detachSim',
    summary: 'Tell that a SIM left the network',
    scope: 'network',
    body: networkSimBody,
    response: { status: 200, description: 'It is detached.', schema: detachment },
    errors: ['not_found'],
    handler: async ({ ctx, account: { id: accountId }, body }) => {
      await write(ctx, {}, (tx) => detachLine(tx, { accountId, ...body }));
      return { attached: false };
    },
  }),
  route({
    method: 'POST',
    path: '/network/commands/take',
    operationId: 'takeCommands',
    summary: 'Take the commands that wait for an attached SIM',
    description: 'Oldest first, each once. Report what became of the SMS among them.',
    scope: 'network',
    body: networkSimBody,
    response: { status: 200, description: 'Up to 100 commands, now sent.', schema: takenCommands },
    errors: ['not_found'],
    handler: async ({ ctx, account: { id: accountId }, body }) => {
      const taken = await write(ctx, {}, (tx) => takeCommands(tx, { accountId, ...body }));
      return { data: taken.map(writeCommand) };
    },
  }),
  route({
    method: 'POST',
    path: '/network/commands/{id}/report',
    operationId: 'reportCommand',
    summary: 'Report what became of a command',
    scope: 'network',
    params: z.strictObject({ id: text(64) }),
    body: commandReportBody,
    response: { status: 200, description: 'The command.', schema: command },
    errors: ['not_found', 'conflict'],
    handler: async ({ ctx, account: { id: accountId }, params: { id }, body }) =>
      writeCommand(await write(ctx, {}, (tx) => reportCommand(tx, { accountId, id, ...body }))),
  }),
  route({
    method: 'POST',
    path: '/network/commands',
    operationId: 'receiveCommand',
    summary: 'Hand over a command that came from a SIM',
    scope: 'network',
    body: receivedCommandBody,
    idempotent: true,
    response: { status: 201, description: 'The command.', schema: command },
    errors: ['not_found', 'conflict', 'idempotency_key_reused'],
    handler: async ({ ctx, account: { id: accountId }, body, request }) => {
      const key = readIdempotencyKey(request);
      const once = { accountId, operation: 'command.receive', key, input: body };
      return writeCommand(await writeOnce(ctx, once, (tx) => receiveCommand(tx, { accountId, ...body })));
    },
  }),
];
