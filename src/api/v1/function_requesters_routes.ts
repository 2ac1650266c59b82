// Function requesters, for operators: who may order profiles over ES2+, and where they are told of downloads.
import { z } from 'zod';
import { getRequester, listRequesters, putRequester, removeRequester } from '../../modules/smdp/index.ts';
import { write } from '../../pg/write.ts';
import {
  functionRequester,
  functionRequesterList,
  putFunctionRequesterBody,
} from './function_requesters_schemas.ts';
import { readPutRequester, writeRequester } from './function_requesters_translate.ts';
import { readIdCursor, writePage } from './page.ts';
import { type Route, route } from './route.ts';
import { paging, text } from './schemas.ts';

const byIdentifier = z.strictObject({
  identifier: text(255).describe('The functionRequesterIdentifier, for example an OID.'),
});
const byIdOrIdentifier = z.strictObject({ identifier: text(255).describe('The identifier, or `fnr_…`.') });

export const functionRequesterRoutes: readonly Route[] = [
  route({
    method: 'PUT',
    path: '/function-requesters/{identifier}',
    operationId: 'putFunctionRequester',
    summary: 'Add or replace a function requester',
    description:
      'Whole: what is left out is none. It may order profiles over ES2+ from the moment this is answered. An identifier is known once in an installation; one certificate may be that of several requesters.',
    scope: 'operator',
    params: byIdentifier,
    body: putFunctionRequesterBody,
    response: { status: 200, description: 'The function requester.', schema: functionRequester },
    errors: ['conflict'],
    handler: async ({ ctx, account, params: { identifier }, body }) => {
      const input = readPutRequester(account.id, identifier, body);
      return writeRequester(await write(ctx, {}, (tx) => putRequester(tx, input)));
    },
  }),
  route({
    method: 'GET',
    path: '/function-requesters',
    operationId: 'listFunctionRequesters',
    summary: 'List function requesters, newest first',
    scope: 'operator',
    query: z.strictObject(paging),
    response: { status: 200, description: 'One page.', schema: functionRequesterList },
    errors: [],
    handler: async ({ ctx, account, query: { cursor, limit } }) => {
      const before = readIdCursor('functionRequester', cursor);
      const found = await listRequesters(ctx, { accountId: account.id, limit, ...(before && { before }) });
      return writePage(found, { limit, cursorOf: (each) => each.id, write: writeRequester });
    },
  }),
  route({
    method: 'GET',
    path: '/function-requesters/{identifier}',
    operationId: 'getFunctionRequester',
    summary: 'Get a function requester',
    scope: 'operator',
    params: byIdOrIdentifier,
    response: { status: 200, description: 'The function requester.', schema: functionRequester },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { identifier: idOrIdentifier } }) =>
      writeRequester(await getRequester(ctx, { accountId: account.id, idOrIdentifier })),
  }),
  route({
    method: 'DELETE',
    path: '/function-requesters/{identifier}',
    operationId: 'removeFunctionRequester',
    summary: 'Remove a function requester',
    description:
      'Its certificate opens nothing any more, and it is told nothing more. The profiles that it ordered stay as they are.',
    scope: 'operator',
    params: byIdOrIdentifier,
    response: { status: 200, description: 'What it was.', schema: functionRequester },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { identifier: idOrIdentifier } }) =>
      writeRequester(
        await write(ctx, {}, (tx) => removeRequester(tx, { accountId: account.id, idOrIdentifier })),
      ),
  }),
];
