// All routes of v1, in the order of the documentation.
import { accountRoutes } from './account_routes.ts';
import { apiKeyRoutes } from './api_keys_routes.ts';
import { catalogueRoutes } from './catalogue_routes.ts';
import { esimRoutes } from './esims_routes.ts';
import { eventRoutes } from './events_routes.ts';
import { orderRoutes } from './orders_routes.ts';
import { profileTypeRoutes } from './profile_types_routes.ts';
import type { Route } from './route.ts';
import { stockRoutes } from './stock_routes.ts';

export type Section = { name: string; description: string; routes: readonly Route[] };

export const sections: readonly Section[] = [
  { name: 'Orders', description: 'Buy eSIMs and bundles.', routes: orderRoutes },
  { name: 'eSIMs', description: 'What was bought, and how it gets onto a device.', routes: esimRoutes },
  { name: 'Catalogue', description: 'What can be bought.', routes: catalogueRoutes },
  { name: 'Account', description: 'Who you are and what you can spend.', routes: accountRoutes },
  { name: 'Events', description: 'What happened.', routes: eventRoutes },
  { name: 'API keys', description: 'Who may call.', routes: apiKeyRoutes },
  {
    name: 'Profile types',
    description: 'For operators: what profiles are made from.',
    routes: profileTypeRoutes,
  },
  { name: 'Stock', description: 'For operators: SIM profiles to sell.', routes: stockRoutes },
];

export const routes: readonly Route[] = sections.flatMap((section) => section.routes);
