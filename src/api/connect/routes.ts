// All routes of the Connect door.
import { customerRoutes } from './customers/customer_routes.ts';
import { orderRoutes } from './orders/order_routes.ts';
import { productRoutes } from './products/product_routes.ts';
import type { Route } from './route.ts';
import { simRoutes } from './sims/sim_routes.ts';
import { subscriptionRoutes } from './subscriptions/subscription_routes.ts';
import { v2LineRoutes } from './v2/line_routes.ts';
import { v2Routes } from './v2/order_routes.ts';

export const routes: readonly Route[] = [
  ...orderRoutes,
  ...productRoutes,
  ...simRoutes,
  ...subscriptionRoutes,
  ...customerRoutes,
  ...v2Routes,
  ...v2LineRoutes,
];
