// The door of Super SIM, by Twilio's own client: it orders an eSIM and follows it, and knows nothing of bundles.
import twilio from 'twilio';
import { waitFor } from '../../../src/modules/webhooks/test_receiver.ts';
import { ask, bundle, type DoorAccount, type DoorDriver } from './door_driver.ts';
import { v1Driver } from './v1_driver.ts';

export function superSimDriver(account: DoorAccount): DoorDriver {
  const { baseUrl, accountId, secret } = account;
  const client = twilio(`AC${accountId.slice('acc_'.length)}`, secret);
  client.supersim.baseUrl = `${baseUrl}/supersim`;
  const { esimProfiles } = client.supersim.v1;
  const { lookAtCatalogue, bundles, topUp, listen, isThreshold } = v1Driver(account);
  return {
    name: 'Super SIM',
    byV1: ['lookAtCatalogue', 'listen', 'bundles', 'topUp'],
    lookAtCatalogue,
    async order(callbackUrl) {
      // What an eSIM profile is sold as is set once, where the vendor has its console.
      const headers = { authorization: `Bearer ${secret}` };
      await ask('PUT', `${baseUrl}/v1/doors/supersim`, { headers, json: { product: bundle } });
      const { sid } = await esimProfiles.create({ generateMatchingId: true, callbackUrl });
      const profile = await waitFor(async () => {
        const now = await client.supersim.v1.esimProfiles(sid).fetch();
        return now.status === 'available' && now;
      });
      return { iccid: profile.iccid, code: `LPA:${profile.activationCode}` };
    },
    listen,
    isThreshold: (callback, esim) => callback.body.startsWith('{') && isThreshold(callback, esim),
    async state({ iccid }) {
      const profiles = await esimProfiles.list({ limit: 20 });
      return profiles.find((each) => each.iccid === iccid)?.status ?? 'unknown';
    },
    bundles,
    topUp,
  };
}
