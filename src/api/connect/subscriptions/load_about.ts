// What is written of subscriptions besides their bundles: their SIMs, the devices they were ordered for, and their products.
import type { Bundle } from '../../../modules/bundles/index.ts';
import { type Catalogue, catalogueWith } from '../../../modules/catalogue/index.ts';
import { findEsims } from '../../../modules/esims/index.ts';
import { findOrderDevices } from '../../../modules/orders/index.ts';
import type { Call } from '../route.ts';

export type AboutSubscriptions = {
  iccidByEsim: ReadonlyMap<string, string>;
  deviceByOrder: ReadonlyMap<string, { id: string }>;
  products: Catalogue['byName'];
};

export async function loadAbout(
  { ctx, account: { id: accountId } }: Pick<Call, 'ctx' | 'account'>,
  bundles: readonly Bundle[],
): Promise<AboutSubscriptions> {
  const esimIds = [...new Set(bundles.map(({ esimId }) => esimId))];
  const [esims, deviceByOrder, catalogue] = await Promise.all([
    findEsims(ctx, { accountId, idsOrIccids: esimIds }),
    findOrderDevices(ctx, { accountId, orderIds: bundles.map(({ orderId }) => orderId) }),
    // Another node may have just added one.
    catalogueWith(ctx, [...new Set(bundles.map(({ productName }) => productName))]),
  ]);
  return {
    iccidByEsim: new Map(esims.map(({ id, iccid }) => [id, iccid])),
    deviceByOrder,
    products: catalogue.byName,
  };
}
