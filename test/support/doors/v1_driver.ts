// The door of our own API.
import { waitFor } from '../../../src/modules/webhooks/test_receiver.ts';
import { ask, bundle, type DoorAccount, type DoorDriver } from './door_driver.ts';

export function v1Driver({ baseUrl, secret }: DoorAccount): DoorDriver {
  const headers = { authorization: `Bearer ${secret}` };
  const v1 = (method: string, path: string, json?: object) =>
    ask(method, `${baseUrl}/v1${path}`, { headers, json });
  const completed = async (line: object) => {
    const { id } = await v1('POST', '/orders', { lines: [line] });
    await waitFor(async () => (await v1('GET', `/orders/${id}`)).status === 'completed');
    return id as string;
  };
  return {
    name: '/v1',
    byV1: [],
    async lookAtCatalogue() {
      const [price] = (await v1('GET', `/products/${bundle}`)).prices;
      return { amount: Number(price.amount), currency: price.currency };
    },
    async order() {
      const id = await completed({ product: bundle });
      const [{ iccid, activationCode: code }] = (await v1('GET', `/orders/${id}/esims`)).data;
      return { iccid, code };
    },
    async listen(_esim, url) {
      await v1('POST', '/webhooks', { url, types: ['bundle.threshold_reached'] });
    },
    isThreshold({ body }) {
      const { type, data } = JSON.parse(body);
      return type === 'bundle.threshold_reached' && data.data.threshold === 80;
    },
    state: async ({ iccid }) => (await v1('GET', `/esims/${iccid}`)).state,
    async bundles({ iccid }) {
      const { data } = await v1('GET', `/esims/${iccid}/bundles`);
      return data.map((each: any) => ({ state: each.state, left: each.remainingBytes }));
    },
    async topUp({ iccid }) {
      await completed({ product: bundle, esims: [iccid] });
    },
  };
}
