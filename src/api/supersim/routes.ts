// All routes of the Super SIM door, in the order of the vendor's document.

import { ipCommandRoutes } from './commands/ip_commands_routes.ts';
import { smsCommandRoutes } from './commands/sms_commands_routes.ts';
import { esimProfileRoutes } from './esim_profiles/esim_profiles_routes.ts';
import { fleetRoutes } from './fleets/fleets_routes.ts';
import { networkAccessProfileRoutes } from './networks/network_access_profiles_routes.ts';
import { networkRoutes } from './networks/networks_routes.ts';
import type { Route } from './route.ts';
import { settingsUpdateRoutes } from './sims/settings_updates_routes.ts';
import { simRoutes } from './sims/sims_routes.ts';
import { usageRecordRoutes } from './usage_records/usage_records_routes.ts';

export const routes: readonly Route[] = [
  ...esimProfileRoutes,
  ...fleetRoutes,
  ...ipCommandRoutes,
  ...networkRoutes,
  ...networkAccessProfileRoutes,
  ...settingsUpdateRoutes,
  ...simRoutes,
  ...smsCommandRoutes,
  ...usageRecordRoutes,
];
