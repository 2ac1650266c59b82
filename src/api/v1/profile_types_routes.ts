// Profile types, for operators: listed, added, and packages checked before they are.
import { fromBase64 } from '../../base/bytes.ts';
import { createProfileType, listProfileTypes } from '../../modules/inventory/index.ts';
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

export const profileTypeRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/profile-types',
    operationId: 'listProfileTypes',
    summary: 'List profile types by name',
    scope: 'operator',
    response: { status: 200, description: 'Up to 1,000 of them.', schema: profileTypeList },
    errors: [],
    handler: async ({ ctx }) => ({ data: (await listProfileTypes(ctx)).map(writeProfileType) }),
  }),
  route({
    method: 'POST',
    path: '/profile-types',
    operationId: 'createProfileType',
    summary: 'Add a profile type',
    description: 'Without a package, one is built for each subscription.',
    scope: 'operator',
    body: newProfileTypeBody,
    response: { status: 201, description: 'The profile type. It never changes.', schema: profileType },
    errors: ['invalid_profile_package', 'conflict'],
    handler: async ({ ctx, account, body }) => {
      const input = readNewProfileType(body);
      return writeProfileType(await write(ctx, {}, (tx) => createProfileType(tx, account.id, input)));
    },
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
