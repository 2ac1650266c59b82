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

export const connectDoor = named(
  'ConnectDoor',
  z.object({
    signCallbacks: z
      .boolean()
      .describe('Whether notifications carry X-Signature-SHA256 once there is a secret for that.'),
    hasSigningSecret: z.boolean().describe('Whether there is a secret. Without one nothing is signed.'),
  }),
);

export const connectDoorBody = named(
  'PutConnectDoor',
  z
    .strictObject({
      signCallbacks: z
        .boolean()
        .describe('False: as the vendor, whose notifications are unsigned, though there is a secret.')
        .exactOptional(),
    })
    .meta({ examples: [{ signCallbacks: true }] }),
);
