// The secret that signs the callbacks of a door: set in the same way for each of them.
import { z } from 'zod';
import { type DoorName, setSigningSecret } from '../../modules/accounts/index.ts';
import { write } from '../../pg/write.ts';
import { type Route, route } from './route.ts';
import { named } from './schemas.ts';

/** `vendor` names the API in the summary; `description` says what it signs, and what signs without it. */
export function signingSecretRoute({
  door,
  operationId,
  vendor,
  description,
}: {
  door: DoorName;
  operationId: string;
  vendor: string;
  description: string;
}): Route {
  return route({
    method: 'POST',
    path: `/doors/${door}/signing-secret`,
    operationId,
    summary: `Set the secret that signs callbacks of the ${vendor} API`,
    description,
    scope: 'webhooks:write',
    body: signingSecretBody,
    response: { status: 201, description: 'The secret.', schema: signingSecret },
    errors: [],
    handler: async ({ ctx, account, body: { signingSecret: secret } }) => {
      const input = { accountId: account.id, door, ...(secret !== undefined && { secret }) };
      return { signingSecret: await write(ctx, {}, (tx) => setSigningSecret(tx, input)) };
    },
  });
}

const secret = z
  .string()
  .min(16)
  .max(200)
  .regex(/^[\x21-\x7e]*$/, 'give printable ASCII characters without spaces');

const signingSecretBody = named(
  'SetSigningSecret',
  z.strictObject({
    signingSecret: secret
      .exactOptional()
      .describe(
        'One that the receivers of the callbacks know already, for example the auth token of before. A new one is made if left out.',
      ),
  }),
);

const signingSecret = named(
  'SigningSecret',
  z.object({ signingSecret: z.string().describe('Signs callbacks. Shown this once and never again.') }),
);
