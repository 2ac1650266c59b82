// Network access profiles: made, changed, listed.
import { z } from 'zod';
import {
  createNetworkAccessProfile,
  getNetworkAccessProfile,
  listNetworkAccessProfiles,
  updateNetworkAccessProfile,
} from '../../modules/sims/index.ts';
import { write } from '../../pg/write.ts';
import { readIdempotencyKey } from '../http/idempotency_key.ts';
import { writeOnce } from '../http/write_once.ts';
import {
  networkAccessProfile,
  networkAccessProfileList,
  newNetworkAccessProfileBody,
  updateNetworkAccessProfileBody,
} from './network_access_profiles_schemas.ts';
import { writeNetworkAccessProfile } from './network_access_profiles_translate.ts';
import { readIdCursor, writePage } from './page.ts';
import { type Route, route } from './route.ts';
import { paging, text } from './schemas.ts';

const path = '/network-access-profiles/{profile}';
const params = z.strictObject({ profile: text(64).describe('Id or unique name.') });

export const networkAccessProfileRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/network-access-profiles',
    operationId: 'createNetworkAccessProfile',
    summary: 'Make a network access profile',
    description: 'The networks that the SIMs of a fleet may attach to.',
    scope: 'lines:write',
    body: newNetworkAccessProfileBody,
    idempotent: true,
    response: { status: 201, description: 'The profile.', schema: networkAccessProfile },
    errors: ['name_taken', 'idempotency_key_reused'],
    handler: async ({ ctx, account: { id: accountId }, body, request }) => {
      const key = readIdempotencyKey(request);
      const once = { accountId, operation: 'network_access_profile.create', key, input: body };
      return writeNetworkAccessProfile(
        await writeOnce(ctx, once, (tx) => createNetworkAccessProfile(tx, { accountId, ...body })),
      );
    },
  }),
  route({
    method: 'GET',
    path: '/network-access-profiles',
    operationId: 'listNetworkAccessProfiles',
    summary: 'List network access profiles, newest first',
    scope: 'read',
    query: z.strictObject(paging),
    response: { status: 200, description: 'One page.', schema: networkAccessProfileList },
    errors: [],
    handler: async ({ ctx, account, query: { cursor, limit } }) => {
      const before = readIdCursor('networkAccessProfile', cursor);
      const of = { accountId: account.id, limit, ...(before && { before }) };
      return writePage(await listNetworkAccessProfiles(ctx, of), {
        limit,
        cursorOf: (each) => each.id,
        write: writeNetworkAccessProfile,
      });
    },
  }),
  route({
    method: 'GET',
    path,
    operationId: 'getNetworkAccessProfile',
    summary: 'Get a network access profile',
    scope: 'read',
    params,
    response: { status: 200, description: 'The profile as it is now.', schema: networkAccessProfile },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { profile: key } }) =>
      writeNetworkAccessProfile(await getNetworkAccessProfile(ctx, { accountId: account.id, key })),
  }),
  route({
    method: 'POST',
    path,
    operationId: 'updateNetworkAccessProfile',
    summary: 'Change a network access profile',
    description: 'What is left out stays. A SIM that is attached stays so until it attaches or moves again.',
    scope: 'lines:write',
    params,
    body: updateNetworkAccessProfileBody,
    response: { status: 200, description: 'The profile as it is now.', schema: networkAccessProfile },
    errors: ['not_found', 'name_taken'],
    handler: async ({ ctx, account: { id: accountId }, params: { profile: key }, body }) =>
      writeNetworkAccessProfile(
        await write(ctx, {}, (tx) => updateNetworkAccessProfile(tx, { accountId, key, ...body })),
      ),
  }),
];
