// Profile types, for operators: listed, added, and packages checked before they are.
import { z } from 'zod';
import { fromBase64 } from '../../base/bytes.ts';
import { createProfileType, getProfileTypeOf, listProfileTypes } from '../../modules/inventory/index.ts';
import { createRemoteType } from '../../modules/remote_smdp/index.ts';
import { write } from '../../pg/write.ts';
import { checkPackage } from './check_package.ts';
import {
  checkPackageBody,
  newProfileTypeBody,
  packageReport,
  profileType,
  profileTypeList,
} from './profile_types_schemas.ts';
import { readNewProfileType, writePackageReport, writeProfileType } from './profile_types_translate.ts';
import { type Route, route } from './route.ts';
import { text } from './schemas.ts';

export const profileTypeRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/profile-types',
    operationId: 'listProfileTypes',
    summary: 'List profile types by name',
    description: 'Those of the account, and those of the whole installation.',
    scope: 'operator',
    response: { status: 200, description: 'Up to 1,000 of them.', schema: profileTypeList },
    errors: [],
    handler: async ({ ctx, account }) => ({
      data: (await listProfileTypes(ctx, account.id)).map(writeProfileType),
    }),
  }),
  route({
    method: 'POST',
    path: '/profile-types',
    operationId: 'createProfileType',
    summary: 'Add a profile type',
    description:
      'Without a package, one is built for each subscription. It belongs to the account: no other one can add stock to it. Its name is taken in the whole installation.',
    scope: 'operator',
    body: newProfileTypeBody,
    response: { status: 201, description: 'The profile type. It never changes.', schema: profileType },
    errors: ['invalid_profile_package', 'conflict'],
    handler: async ({ ctx, account, body }) => {
      const input = readNewProfileType(body);
      const { remote } = body;
      return writeProfileType(
        await write(ctx, {}, (tx) =>
          remote
            ? createRemoteType(tx, account.id, { ...input, remote })
            : createProfileType(tx, account.id, input),
        ),
      );
    },
  }),
  route({
    method: 'GET',
    path: '/profile-types/{name}',
    operationId: 'getProfileType',
    summary: 'Get a profile type',
    scope: 'operator',
    params: z.strictObject({ name: text(64) }),
    response: { status: 200, description: 'The profile type.', schema: profileType },
    errors: ['unknown_profile_type'],
    handler: async ({ ctx, account, params: { name } }) =>
      writeProfileType(await getProfileTypeOf(ctx, account.id, name)),
  }),
  route({
    method: 'POST',
    path: '/profile-types/check',
    operationId: 'checkProfilePackage',
    summary: 'Check a profile package and show what is in it',
    scope: 'operator',
    body: checkPackageBody,
    response: { status: 200, description: 'What there is to say of it.', schema: packageReport },
    errors: [],
    handler: ({ body }) => {
      const { findings, info } = checkPackage(fromBase64(body.package));
      return writePackageReport(findings, info);
    },
  }),
];
