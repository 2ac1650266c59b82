// The door of Connect v1: a token, asynchronous orders that are polled, and notifications for each SIM.
import { waitFor } from '../../../src/modules/webhooks/test_receiver.ts';
import { ask, bundle, type DoorAccount, type DoorDriver } from './door_driver.ts';

export async function connectDriver({ baseUrl, keyId, secret }: DoorAccount): Promise<DoorDriver> {
  const form = { grant_type: 'client_credentials', client_id: keyId, client_secret: secret };
  const signedIn = await fetch(`${baseUrl}/auth/realms/tru-staff/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  const { access_token: token } = (await signedIn.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${token}` };
  const call = (method: string, path: string, json?: object) =>
    ask(method, `${baseUrl}/connect-api/v1${path}`, { headers, json });
  const completed = async (input: object) => {
    const subscriptions = [{ product_id: bundle }];
    const { id } = await call('POST', '/order', { input: { ...input, subscriptions } });
    return await waitFor(async () => {
      const order = await call('GET', `/order/${id}`);
      return order.status === 'COMPLETED' && order.output;
    });
  };
  const device = { id: 'a-phone', type: 'android' };
  return {
    name: 'Connect',
    byV1: [],
    async lookAtCatalogue() {
      const { pricing } = await call('GET', `/products/${bundle}?currency=EUR`);
      return { amount: pricing.EUR, currency: 'EUR' };
    },
    async order() {
      const { iccid, lpa_url: code } = await completed({
        operationType: 'NEW_ESIM',
        countryCode: 'NL',
        customer: { email: '' },
        device,
      });
      return { iccid, code };
    },
    async listen({ iccid }, url) {
      const path = `/sim/${iccid}/preferences/notifications/USAGE_THRESHOLD`;
      await call('POST', path, { webhook_url: url });
    },
    isThreshold({ body }, { iccid }) {
      const told = JSON.parse(body);
      return told.type === 'USAGE_THRESHOLD' && told.iccid === iccid;
    },
    state: async ({ iccid }) => (await call('GET', `/sim/${iccid}`)).status,
    async bundles({ iccid }) {
      const subscriptions = await call('GET', `/sim/${iccid}/subscriptions`);
      return subscriptions.reverse().map((each: any) => ({
        state: each.status,
        left: Number(each.initialBalance) - Number(each.spentBalance),
      }));
    },
    async topUp({ iccid }) {
      await completed({ operationType: 'TOPUP', device, esim: { iccid } });
    },
  };
}
