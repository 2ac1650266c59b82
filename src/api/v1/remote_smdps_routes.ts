// Remote SM-DP+ servers, for operators: who makes the profiles of some profile types, and how they answer.
import { z } from 'zod';
import {
  getRemoteSmdp,
  listRemoteSmdps,
  putRemoteSmdp,
  removeRemoteSmdp,
} from '../../modules/remote_smdp/index.ts';
import { write } from '../../pg/write.ts';
import { readIdCursor, writePage } from './page.ts';
import {
  putRemoteSmdpBody,
  remoteSmdp,
  remoteSmdpList,
  remoteSmdpWithWaiting,
} from './remote_smdps_schemas.ts';
import { readPutRemoteSmdp, writeRemoteSmdp, writeRemoteSmdpWithWaiting } from './remote_smdps_translate.ts';
import { type Route, route } from './route.ts';
import { paging, text } from './schemas.ts';

const byName = z.strictObject({ name: text(64).describe('Letters, digits and _ . -') });

export const remoteSmdpRoutes: readonly Route[] = [
  route({
    method: 'PUT',
    path: '/remote-smdps/{name}',
    operationId: 'putRemoteSmdp',
    summary: 'Add or replace a remote SM-DP+',
    description:
      'Whole: what is left out is as if it had never been given, but for the private key. What waits for it is tried at once.',
    scope: 'operator',
    params: byName,
    body: putRemoteSmdpBody,
    response: { status: 200, description: 'The remote SM-DP+.', schema: remoteSmdp },
    errors: ['conflict'],
    handler: async ({ ctx, account, params: { name }, body }) => {
      const input = readPutRemoteSmdp(account.id, name, body);
      return writeRemoteSmdp(await write(ctx, {}, (tx) => putRemoteSmdp(tx, input)));
    },
  }),
  route({
    method: 'GET',
    path: '/remote-smdps',
    operationId: 'listRemoteSmdps',
    summary: 'List remote SM-DP+ servers, newest first',
    scope: 'operator',
    query: z.strictObject(paging),
    response: { status: 200, description: 'One page.', schema: remoteSmdpList },
    errors: [],
    handler: async ({ ctx, account, query: { cursor, limit } }) => {
      const before = readIdCursor('remoteSmdp', cursor);
      const servers = await listRemoteSmdps(ctx, {
        accountId: account.id,
        limit,
        ...(before && { before }),
      });
      return writePage(servers, { limit, cursorOf: (each) => each.id, write: writeRemoteSmdp });
    },
  }),
  route({
    method: 'GET',
    path: '/remote-smdps/{name}',
    operationId: 'getRemoteSmdp',
    summary: 'Get a remote SM-DP+, and how it answers',
    scope: 'operator',
    params: byName,
    response: { status: 200, description: 'The remote SM-DP+.', schema: remoteSmdpWithWaiting },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { name } }) =>
      writeRemoteSmdpWithWaiting(await getRemoteSmdp(ctx, { accountId: account.id, name })),
  }),
  route({
    method: 'DELETE',
    path: '/remote-smdps/{name}',
    operationId: 'removeRemoteSmdp',
    summary: 'Remove a remote SM-DP+',
    description:
      'Its profile types cannot be ordered until it is put again. What it told of eSIMs so far stays; it cannot tell more.',
    scope: 'operator',
    params: byName,
    response: { status: 200, description: 'What it was.', schema: remoteSmdpWithWaiting },
    errors: ['not_found', 'conflict'],
    handler: async ({ ctx, account, params: { name } }) =>
      writeRemoteSmdpWithWaiting(
        await write(ctx, {}, (tx) => removeRemoteSmdp(tx, { accountId: account.id, name })),
      ),
  }),
];
