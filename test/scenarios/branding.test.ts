// What a person sees of a branding: the names that the phone shows, and a picture that it can read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { downloadProfile } from '../../src/device/lpa/download_profile.ts';
import { startPlatform } from '../support/platform.ts';

const { call, order, device } = await startPlatform();
const product = 'esim_1GB_7D_NL_V2';

async function installed(activationCode: string): Promise<[string, string]> {
  const { lpa } = device();
  const { serviceProviderName, profileName } = await downloadProfile(lpa, activationCode);
  return [serviceProviderName, profileName];
}

const [plain] = await order({ product });
const ofProfileType = await installed(plain.activationCode);

test('an eSIM is installed under the names of its branding, whatever becomes of that', async () => {
  await call('PUT', '/brandings/travel', { isDefault: true, installName: 'Trip ✈', networkName: '旅行電話' });
  const [one, two] = await order({ product, quantity: 2 });
  assert.deepEqual(await installed(one.activationCode), ['旅行電話', 'Trip ✈']);
  await call('DELETE', '/brandings/travel');
  assert.deepEqual(await installed(two.activationCode), ['旅行電話', 'Trip ✈']);
});

test('what a branding leaves open is as the profile type says', async () => {
  await call('PUT', '/brandings/half', { isDefault: true, installName: 'Only this' });
  const [esim] = await order({ product });
  assert.deepEqual(await installed(esim.activationCode), [ofProfileType[0], 'Only this']);
  await call('DELETE', '/brandings/half');
  const [next] = await order({ product });
  assert.deepEqual(await installed(next.activationCode), ofProfileType);
});
