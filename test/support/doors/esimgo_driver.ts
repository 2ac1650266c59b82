// The door of eSIM Go.
import { waitFor } from '../../../src/modules/webhooks/test_receiver.ts';
import { ask, bundle, type DoorAccount, type DoorDriver } from './door_driver.ts';

export function esimGoDriver({ baseUrl, secret }: DoorAccount): DoorDriver {
  const headers = { 'X-API-Key': secret, accept: 'application/json' };
  const call = (method: string, path: string, json?: object) =>
    ask(method, `${baseUrl}/v2.4${path}`, { headers, json });
  const order = (iccid: string) =>
    call('POST', '/orders', {
      type: 'transaction',
      assign: true,
      order: [{ type: 'bundle', quantity: 1, item: bundle, iccids: [iccid] }],
    });
  return {
    name: 'eSIM Go',
    // The vendor has its portal for it.
    byV1: ['listen'],
    async lookAtCatalogue() {
      const [{ price }] = (await call('GET', `/catalogue?countries=NL`)).bundles.filter(
        ({ name }: { name: string }) => name === bundle,
      );
      const { currency } = await call('POST', '/orders', {
        type: 'validate',
        assign: true,
        order: [{ type: 'bundle', quantity: 1, item: bundle }],
      });
      return { amount: price, currency };
    },
    async order() {
      const { order: items } = await order('');
      const [{ iccid, matchingId, smdpAddress }] = items[0].esims;
      return { iccid, code: `LPA:1$${smdpAddress}$${matchingId}` };
    },
    async listen(_esim, callbackUrl) {
      const v1 = { authorization: `Bearer ${secret}` };
      await ask('PUT', `${baseUrl}/v1/doors/esimgo`, { headers: v1, json: { callbackUrl } });
    },
    isThreshold({ body }, esim) {
      const { alertType, iccid, bundle: of } = JSON.parse(body);
      if (alertType !== 'Utilisation' || iccid !== esim.iccid) return false;
      return of.remainingQuantity * 5 === of.initialQuantity;
    },
    state: async ({ iccid }) => (await call('GET', `/esims/${iccid}`)).profileStatus,
    async bundles({ iccid }) {
      const { bundles } = await call('GET', `/esims/${iccid}/bundles?includeUsed=true`);
      return bundles
        .flatMap(({ assignments }: any) => assignments)
        .reverse()
        .map((each: any) => ({ state: each.bundleState, left: each.remainingQuantity }));
    },
    async topUp({ iccid }) {
      const { orderReference } = await order(iccid);
      const isDone = async () => (await call('GET', `/orders/${orderReference}`)).status === 'completed';
      await waitFor(isDone);
    },
  };
}
