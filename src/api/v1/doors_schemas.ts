// Doors on the wire: what an account may set about the APIs that speak a vendor's dialect.
import { z } from 'zod';
import { named, text } from './schemas.ts';

const product = text(100).describe('Name of the product that is ordered for a new eSIM.');
const callbackEvents = z
  .enum(['available', 'all'])
  .nullable()
  .describe(
    'What the callback of an eSIM is told: only that it is available, or all that becomes of it. Null: only that to callers who sign in as at Twilio, all to the others. It holds for callbacks that are set from then on.',
  );

export const superSimDoor = named(
  'SuperSimDoor',
  z.object({
    product,
    callbackEvents,
    hasSigningSecret: z.boolean().describe('Whether callbacks are signed with a secret of the account.'),
  }),
);

export const superSimDoorBody = named(
  'PutSuperSimDoor',
  z
    .strictObject({ product: product.exactOptional(), callbackEvents: callbackEvents.exactOptional() })
    .meta({ examples: [{ product: 'esim_profile', callbackEvents: 'all' }] }),
);

const secret = z
  .string()
  .min(16)
  .max(200)
  .regex(/^[\x21-\x7e]*$/, 'give printable ASCII characters without spaces');

export const signingSecretBody = named(
  'SetSigningSecret',
  z.strictObject({
    signingSecret: secret
      .exactOptional()
      .describe(
        'One that the receivers of the callbacks know already, for example the auth token of before. A new one is made if left out.',
      ),
  }),
);

export const signingSecret = named(
  'SigningSecret',
  z.object({ signingSecret: z.string().describe('Signs callbacks. Shown this once and never again.') }),
);
