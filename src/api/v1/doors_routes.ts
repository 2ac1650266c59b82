// Doors: how the APIs that speak a vendor's dialect behave for this account.
import { connectDoorRoutes } from './doors_connect_routes.ts';
import { esimGoDoorRoutes } from './doors_esim_go_routes.ts';
import { superSimDoor, superSimDoorBody } from './doors_schemas.ts';
import { settingsRoutes } from './doors_settings_routes.ts';
import { signingSecretRoute } from './doors_signing_secret.ts';
import { writeSuperSimDoor } from './doors_translate.ts';
import type { Route } from './route.ts';

const door = 'supersim';

const superSimDoorRoutes: readonly Route[] = [
  ...settingsRoutes({
    door,
    name: 'SuperSim',
    vendor: 'Super SIM',
    schema: superSimDoor,
    body: superSimDoorBody,
    write: writeSuperSimDoor,
  }),
  signingSecretRoute({
    door,
    operationId: 'setSuperSimSigningSecret',
    vendor: 'Super SIM',
    description:
      'It signs from now on, also callbacks that were set before; the one before ends at once. Without one, the password of who set a callback signs it.',
  }),
];

export const doorRoutes: readonly Route[] = [
  ...superSimDoorRoutes,
  ...esimGoDoorRoutes,
  ...connectDoorRoutes,
];
