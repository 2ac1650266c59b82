// Brandings: how eSIMs look on phones and in pictures.
import { z } from 'zod';
import { getBranding, listBrandings, putBranding, removeBranding } from '../../modules/branding/index.ts';
import { write } from '../../pg/write.ts';
import { branding, brandingList, putBrandingBody } from './brandings_schemas.ts';
import { readPutBranding, writeBranding, writeBrandingHead } from './brandings_translate.ts';
import { readIdCursor, writePage } from './page.ts';
import { type Route, route } from './route.ts';
import { paging, text } from './schemas.ts';

const byName = z.strictObject({ name: text(200).describe('1 to 100 printable characters, not like an id.') });
const byIdOrName = z.strictObject({ name: text(200).describe('The name, or `brd_…`.') });

export const brandingRoutes: readonly Route[] = [
  route({
    method: 'PUT',
    path: '/brandings/{name}',
    operationId: 'putBranding',
    summary: 'Add or replace a branding',
    description:
      'Whole: what is left out is plain. Pictures of eSIMs that have it change at once; the names that a phone shows are those at the time of the order.',
    scope: 'orders:write',
    params: byName,
    body: putBrandingBody,
    response: { status: 200, description: 'The branding.', schema: branding },
    errors: ['conflict'],
    handler: async ({ ctx, account, params: { name }, body }) => {
      const input = readPutBranding(account.id, name, body);
      return writeBranding(await write(ctx, {}, (tx) => putBranding(tx, input)));
    },
  }),
  route({
    method: 'GET',
    path: '/brandings',
    operationId: 'listBrandings',
    summary: 'List brandings, newest first',
    scope: 'read',
    query: z.strictObject(paging),
    response: { status: 200, description: 'One page, without their logos.', schema: brandingList },
    errors: [],
    handler: async ({ ctx, account, query: { cursor, limit } }) => {
      const before = readIdCursor('branding', cursor);
      const heads = await listBrandings(ctx, { accountId: account.id, limit, ...(before && { before }) });
      return writePage(heads, { limit, cursorOf: (each) => each.id, write: writeBrandingHead });
    },
  }),
  route({
    method: 'GET',
    path: '/brandings/{name}',
    operationId: 'getBranding',
    summary: 'Get a branding',
    scope: 'read',
    params: byIdOrName,
    response: { status: 200, description: 'The branding with its logo.', schema: branding },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { name: idOrName } }) =>
      writeBranding(await getBranding(ctx, { accountId: account.id, idOrName })),
  }),
  route({
    method: 'DELETE',
    path: '/brandings/{name}',
    operationId: 'removeBranding',
    summary: 'Remove a branding',
    description: 'eSIMs that have it keep working; their pictures are plain from now on.',
    scope: 'orders:write',
    params: byIdOrName,
    response: { status: 200, description: 'What it was.', schema: branding },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { name: idOrName } }) =>
      writeBranding(await write(ctx, {}, (tx) => removeBranding(tx, { accountId: account.id, idOrName }))),
  }),
];
