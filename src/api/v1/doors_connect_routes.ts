// The door of the Connect API: whether its notifications are signed.
import { connectDoor, connectDoorBody } from './doors_schemas.ts';
import { settingsRoutes } from './doors_settings_routes.ts';
import { signingSecretRoute } from './doors_signing_secret.ts';
import { writeConnectDoor } from './doors_translate.ts';
import type { Route } from './route.ts';

const door = 'connect';

export const connectDoorRoutes: readonly Route[] = [
  ...settingsRoutes({
    door,
    name: 'Connect',
    vendor: 'Connect',
    schema: connectDoor,
    body: connectDoorBody,
    write: writeConnectDoor,
  }),
  signingSecretRoute({
    door,
    operationId: 'setConnectSigningSecret',
    vendor: 'Connect',
    description:
      'From now on notifications, also of registrations of before, carry `X-Signature-SHA256`: the HMAC-SHA256 of the body in hex, keyed with it. The one before ends at once. Without one they are unsigned, as those of the vendor are.',
  }),
];
