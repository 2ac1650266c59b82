// The door of the eSIM Go API: where and how it tells what happens, and what it says about the account.
import { getDoor, putDoor } from '../../modules/accounts/index.ts';
import {
  esimGoTypes,
  findDialectEndpoint,
  prepareEndpoint,
  putDialectEndpoint,
  removeDialectEndpoint,
} from '../../modules/webhooks/index.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { write } from '../../pg/write.ts';
import { readBearer } from './authenticate.ts';
import { esimGoDoor, esimGoDoorBody } from './doors_esim_go_schemas.ts';
import { writeEsimGoDoor } from './doors_esim_go_translate.ts';
import { signingSecretRoute } from './doors_signing_secret.ts';
import { type Route, route } from './route.ts';

const door = 'esimgo';
const dialect = 'esim_go';

export const esimGoDoorRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/doors/esimgo',
    operationId: 'getEsimGoDoor',
    summary: 'Get how the eSIM Go API behaves for this account',
    scope: 'read',
    response: {
      status: 200,
      description:
        'What holds: what the account has not set is as its parent set it, but for the callback, which is its own.',
      schema: esimGoDoor,
    },
    errors: [],
    handler: async ({ ctx, account: { id: accountId } }) =>
      writeEsimGoDoor(
        await getDoor(ctx, { accountId, door }),
        await findDialectEndpoint(ctx, { accountId, dialect }),
      ),
  }),
  route({
    method: 'PUT',
    path: '/doors/esimgo',
    operationId: 'putEsimGoDoor',
    summary: 'Set how the eSIM Go API behaves for this account',
    description:
      'What is left out is as the parent account set it, or as if nobody had set it; without `callbackUrl` nothing is called any more. What happens from now on is told there. Unless the account has a signing secret, the API key of this request signs callbacks, and is kept for that, sealed.',
    scope: 'webhooks:write',
    body: esimGoDoorBody,
    response: { status: 200, description: 'What holds now.', schema: esimGoDoor },
    errors: [],
    handler: async ({ ctx, account: { id: accountId }, body, request }) => {
      const { callbackUrl: url = null, ...settings } = body;
      if (url !== null) await prepareEndpoint(ctx, { accountId, url, field: 'callbackUrl' });
      const key = readBearer(request.headers.authorization) ?? null;
      return await write(ctx, {}, async (tx) => {
        const set = await putDoor(tx, { accountId, door, settings });
        const secret = set.hasSigningSecret ? null : key;
        return writeEsimGoDoor(set, await putCallback(tx, { accountId, url, secret }));
      });
    },
  }),
  signingSecretRoute({
    door,
    operationId: 'setEsimGoSigningSecret',
    vendor: 'eSIM Go',
    description:
      'It signs from now on, in place of the API key that set the callback; the one before ends at once. A client that verifies with its API key goes on working when that key is given here.',
  }),
];

async function putCallback(
  tx: Ctx,
  { accountId, url, secret }: { accountId: string; url: string | null; secret: string | null },
) {
  if (url !== null)
    return await putDialectEndpoint(tx, { accountId, dialect, url, types: esimGoTypes, secret });
  await removeDialectEndpoint(tx, { accountId, dialect });
  return undefined;
}
