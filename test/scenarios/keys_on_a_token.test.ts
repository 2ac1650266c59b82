// A server whose DPauth and DPpb keys are on a PKCS#11 token: whole downloads, on both curves, and a token that fails.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { downloadProfile } from '../../src/device/lpa/download_profile.ts';
import { makeTestToken, noToken } from '../../src/main/pkcs11/test_token.ts';
import { makeTestPki } from '../../src/rsp/pki/make_test_pki.ts';
import { startPlatform } from '../support/platform.ts';

const product = 'esim_1GB_7D_NL_V2';
const curves = ['P-256', 'brainpoolP256r1'] as const;
/** A port shows one TLS certificate for each name, so each curve has a name. */
const addresses = { 'P-256': 'smdp.example.com', brainpoolP256r1: 'brainpool.example.com' };

if (noToken) test('a device downloads from a server whose keys are on a token', { skip: noToken });
else {
  const token = makeTestToken();
  const folder = await mkdtemp(join(tmpdir(), 'overair-token-pki-'));
  after(() => rm(folder, { recursive: true, force: true }));
  for (const curve of curves)
    for (const [path, bytes] of makeTestPki({ smdpAddress: addresses[curve], now: new Date(), curve })) {
      // The key of the CI would make this a test PKI, for which what is missing is made.
      if (path.startsWith('CertificateIssuer/SK')) continue;
      if (/^DP(auth|pb)\/SK/.test(path)) token.importKey(bytes);
      else {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), bytes);
      }
    }
  const { order, device, call, server } = await startPlatform({
    ...token.settings(),
    OVERAIR_PKI_DIR: folder,
    OVERAIR_SMDP_ADDRESS: curves.map((curve) => addresses[curve]).join(','),
  });

  for (const curve of curves)
    test(`a device that trusts the ${curve} CI downloads; every signature is made on the token`, async () => {
      const [esim] = await order({ product });
      const { card, lpa } = device({ curves: [curve] });
      await downloadProfile(lpa, esim.activationCode.replace(addresses['P-256'], addresses[curve]));
      assert.equal(card.state.profiles.length, 1);
      assert.equal((await call('GET', `/esims/${esim.iccid}`)).body.state, 'installed');
    });

  test('a reload finds the keys on the token again', async () => {
    assert.equal(await server.reloadCertificates(), true);
    const [esim] = await order({ product });
    const { lpa } = device({ curves: ['P-256'] });
    await downloadProfile(lpa, esim.activationCode);
  });
}
