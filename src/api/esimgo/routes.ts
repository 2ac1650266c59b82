// All routes of the eSIM Go door, in the order of the vendor's document.

import { bundleRoutes } from './bundles/bundle_routes.ts';
import { catalogueRoutes } from './catalogue/catalogue_routes.ts';
import { networkRoutes } from './catalogue/network_routes.ts';
import { esimRoutes } from './esims/esim_routes.ts';
import { inventoryRoutes } from './inventory/inventory_routes.ts';
import { applyRoutes } from './orders/apply_routes.ts';
import { assignmentRoutes } from './orders/assignment_routes.ts';
import { orderRoutes } from './orders/order_routes.ts';
import { organisationRoutes } from './organisation/organisation_routes.ts';
import type { Route } from './route.ts';

export const routes: readonly Route[] = [
  ...applyRoutes,
  ...assignmentRoutes,
  ...esimRoutes,
  ...bundleRoutes,
  ...organisationRoutes,
  ...orderRoutes,
  ...inventoryRoutes,
  ...catalogueRoutes,
  ...networkRoutes,
];
