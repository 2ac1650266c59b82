// With the GSMA's own test material, where it is at hand: SGP.26 certificates and TS.48 profile packages.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { luhnDigit } from '../../src/base/digits.ts';
import { downloadProfile } from '../../src/device/lpa/download_profile.ts';
import { inspectProfilePackage } from '../../src/rsp/profile/inspect_profile_package.ts';
import { startPlatform } from '../support/platform.ts';

const folder = new URL('../../../shared/testdata/', import.meta.url).pathname;
const skip = !existsSync(`${folder}sgp26`) && 'the SGP.26 and TS.48 test data are not beside this checkout';

if (skip) {
  test('profiles are delivered under SGP.26 certificates', { skip });
} else {
  const platform = await startPlatform({
    OVERAIR_PKI_DIR: `${folder}sgp26`,
    OVERAIR_SMDP_ADDRESS: 'testsmdpplus1.example.com',
  });
  const { call, order, device } = platform;

  for (const curve of ['P-256', 'brainpoolP256r1'] as const) {
    test(`the genuine SGP.26 test eUICC downloads under the ${curve} certificates`, async () => {
      const [esim] = await order({ product: 'esim_1GB_7D_NL_V2' });
      const { card, lpa } = device({ givenEuicc: true, curves: [curve] });
      assert.equal(card.state.eid, '89049032123451234512345678901235');
      await downloadProfile(lpa, esim.activationCode);
      assert.equal((await call('GET', `/esims/${esim.iccid}`)).body.state, 'installed');
    });
  }

  test('a TS.48 package imported as it is reaches the device unchanged', async () => {
    const bytes = await readFile(`${folder}upp/TS48V5-SAIP2-3-BERTLV-SUCI-UNIQUE.der`);
    const { iccid } = inspectProfilePackage(bytes);
    await importPackage('ts48-as-is', bytes, 'none');
    await stock('ts48-as-is', iccid, '001010000000001');
    const [esim] = await order({ product: await productFor('ts48-as-is') });
    assert.equal(esim.iccid, iccid);
    const { card, lpa } = device();
    await downloadProfile(lpa, esim.activationCode);
    assert.deepEqual(Buffer.from(card.state.profiles[0]!.package, 'base64'), bytes);
  });

  test('a TS.48 package is personalised from stock, and the ICCID agrees everywhere', async () => {
    const bytes = await readFile(`${folder}upp/TS48V2-SAIP2-1-BERTLV-UNIQUE.der`);
    const digits = '894944999999999099';
    await importPackage('ts48-personalised', bytes, 'full');
    await stock('ts48-personalised', `${digits}${luhnDigit(digits)}`, '001010000000999');
    const [esim] = await order({ product: await productFor('ts48-personalised') });
    const { card, lpa } = device();
    await downloadProfile(lpa, esim.activationCode);
    const info = inspectProfilePackage(Buffer.from(card.state.profiles[0]!.package, 'base64'));
    assert.equal(info.iccid, esim.iccid);
    assert.equal(info.imsi, '001010000000999');
  });

  async function importPackage(name: string, bytes: Buffer, personalisation: string): Promise<void> {
    const metadata = { serviceProviderName: 'TS.48', profileName: name, profileClass: 'operational' };
    const { status, body } = await call('POST', '/profile-types', {
      name,
      personalisation,
      metadata,
      package: bytes.toString('base64'),
    });
    assert.equal(status, 201, JSON.stringify(body));
  }

  async function stock(profileType: string, iccid: string, imsi: string): Promise<void> {
    const profile = {
      iccid,
      imsi,
      ki: '000102030405060708090A0B0C0D0E0F',
      opc: '00112233445566778899AABBCCDDEEFF',
    };
    const { status, body } = await call('POST', '/stock/batches', { profileType, profiles: [profile] });
    assert.equal(status, 201, JSON.stringify(body));
  }

  async function productFor(profileType: string): Promise<string> {
    const name = `esim_${profileType}`;
    const product = {
      name,
      kind: 'esim',
      description: name,
      countries: [],
      profileType,
      prices: [{ amount: '1.00', currency: 'EUR' }],
    };
    const { status, body } = await call('PUT', '/products', { products: [product] });
    assert.equal(status, 200, JSON.stringify(body));
    return name;
  }
}
