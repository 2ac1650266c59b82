// Doors: how the APIs that speak a vendor's dialect behave for this account.
import { getDoor, putDoor, setSigningSecret } from '../../modules/accounts/index.ts';
import { write } from '../../pg/write.ts';
import { esimGoDoorRoutes } from './doors_esim_go_routes.ts';
import { signingSecret, signingSecretBody, superSimDoor, superSimDoorBody } from './doors_schemas.ts';
import { writeSuperSimDoor } from './doors_translate.ts';
import { type Route, route } from './route.ts';

const door = 'supersim';

const superSimDoorRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/doors/supersim',
    operationId: 'getSuperSimDoor',
    summary: 'Get how the Super SIM API behaves for this account',
    scope: 'read',
    response: {
      status: 200,
      description: 'What holds: what the account has not set is as its parent set it.',
      schema: superSimDoor,
    },
    errors: [],
    handler: async ({ ctx, account }) =>
      writeSuperSimDoor(await getDoor(ctx, { accountId: account.id, door })),
  }),
  route({
    method: 'PUT',
    path: '/doors/supersim',
    operationId: 'putSuperSimDoor',
    summary: 'Set how the Super SIM API behaves for this account',
    description: 'What is left out is as the parent account set it, or as if nobody had set it.',
    scope: 'webhooks:write',
    body: superSimDoorBody,
    response: { status: 200, description: 'What holds now.', schema: superSimDoor },
    errors: [],
    handler: async ({ ctx, account, body: settings }) =>
      writeSuperSimDoor(await write(ctx, {}, (tx) => putDoor(tx, { accountId: account.id, door, settings }))),
  }),
  route({
    method: 'POST',
    path: '/doors/supersim/signing-secret',
    operationId: 'setSuperSimSigningSecret',
    summary: 'Set the secret that signs callbacks of the Super SIM API',
    description:
      'It signs from now on, also callbacks that were set before; the one before ends at once. Without one, the password of who set a callback signs it.',
    scope: 'webhooks:write',
    body: signingSecretBody,
    response: { status: 201, description: 'The secret.', schema: signingSecret },
    errors: [],
    handler: async ({ ctx, account, body: { signingSecret: secret } }) => {
      const input = { accountId: account.id, door, ...(secret !== undefined && { secret }) } as const;
      return { signingSecret: await write(ctx, {}, (tx) => setSigningSecret(tx, input)) };
    },
  }),
];

export const doorRoutes: readonly Route[] = [...superSimDoorRoutes, ...esimGoDoorRoutes];
