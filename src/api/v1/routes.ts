// All routes of v1, in the order of the documentation.

import { accountRoutes } from './account_routes.ts';
import { apiKeyRoutes } from './api_keys_routes.ts';
import { brandingRoutes } from './brandings_routes.ts';
import { bundleLotRoutes } from './bundle_lots_routes.ts';
import { bundleRoutes } from './bundles_routes.ts';
import { catalogueRoutes } from './catalogue_routes.ts';
import { clockRoutes } from './clock_routes.ts';
import { commandRoutes } from './commands_routes.ts';
import { doorRoutes } from './doors_routes.ts';
import { esimRoutes } from './esims_routes.ts';
import { eventStreamRoutes } from './event_stream_routes.ts';
import { eventRoutes } from './events_routes.ts';
import { fleetRoutes } from './fleets_routes.ts';
import { functionRequesterRoutes } from './function_requesters_routes.ts';
import { networkAccessProfileRoutes } from './network_access_profiles_routes.ts';
import { networkRoutes } from './network_routes.ts';
import { orderRoutes } from './orders_routes.ts';
import { priceListRoutes } from './price_lists_routes.ts';
import { profileActionRoutes } from './profile_actions_routes.ts';
import { profileTypeRoutes } from './profile_types_routes.ts';
import { profileRoutes } from './profiles_routes.ts';
import { remoteSmdpRoutes } from './remote_smdps_routes.ts';
import type { Route } from './route.ts';
import { simRoutes } from './sims_routes.ts';
import { stockImportRoutes } from './stock_imports_routes.ts';
import { stockRoutes } from './stock_routes.ts';
import { transportKeyRoutes } from './transport_keys_routes.ts';
import { usageRoutes } from './usage_routes.ts';
import { webhookRoutes } from './webhooks_routes.ts';

export type Section = { name: string; description: string; routes: readonly Route[] };

export const sections: readonly Section[] = [
  { name: 'Orders', description: 'Buy eSIMs and bundles.', routes: orderRoutes },
  { name: 'eSIMs', description: 'What was bought, and how it gets onto a device.', routes: esimRoutes },
  {
    name: 'Bundles',
    description: 'What an eSIM may use, and what of it was given back.',
    routes: bundleRoutes,
  },
  {
    name: 'Bundle lots',
    description: 'Bundles bought and not assigned yet.',
    routes: bundleLotRoutes,
  },
  { name: 'Lines', description: 'The SIMs in the network.', routes: simRoutes },
  { name: 'Fleets', description: 'Rules that lines share.', routes: fleetRoutes },
  {
    name: 'Network access profiles',
    description: 'Networks that lines may attach to.',
    routes: networkAccessProfileRoutes,
  },
  { name: 'Commands', description: 'Messages to and from lines.', routes: commandRoutes },
  { name: 'Usage', description: 'What lines used.', routes: usageRoutes },
  { name: 'Catalogue', description: 'What can be bought.', routes: catalogueRoutes },
  { name: 'Account', description: 'Who you are and what you can spend.', routes: accountRoutes },
  { name: 'Events', description: 'What happened.', routes: [...eventRoutes, ...eventStreamRoutes] },
  {
    name: 'Clock',
    description: 'What time it is; in sandboxes, what time it shall be.',
    routes: clockRoutes,
  },
  { name: 'Brandings', description: 'How eSIMs look on phones and in QR pictures.', routes: brandingRoutes },
  {
    name: 'Doors',
    description: 'How the APIs that speak a vendor’s dialect behave.',
    routes: doorRoutes,
  },
  { name: 'Webhooks', description: 'Being told what happens.', routes: webhookRoutes },
  { name: 'API keys', description: 'Who may call.', routes: apiKeyRoutes },
  {
    name: 'Network',
    description: 'For mobile cores: who may attach, and what goes to and from a line.',
    routes: networkRoutes,
  },
  {
    name: 'Profile types',
    description: 'For operators: what profiles are made from.',
    routes: profileTypeRoutes,
  },
  {
    name: 'Profiles',
    description: 'For operators: where a profile stands in the SM-DP+, why, and what puts it right.',
    routes: [...profileRoutes, ...profileActionRoutes],
  },
  {
    name: 'Remote SM-DP+',
    description: 'For operators: servers of others that make profiles over ES2+.',
    routes: remoteSmdpRoutes,
  },
  {
    name: 'Price lists',
    description: 'For operators: prices of an account’s own, by volume.',
    routes: priceListRoutes,
  },
  {
    name: 'Function requesters',
    description: 'For operators: who orders profiles over ES2+.',
    routes: functionRequesterRoutes,
  },
  {
    name: 'Stock',
    description: 'For operators: SIM profiles to sell.',
    routes: [...stockRoutes, ...stockImportRoutes, ...transportKeyRoutes],
  },
];

export const routes: readonly Route[] = sections.flatMap((section) => section.routes);
