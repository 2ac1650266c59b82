// With the GSMA test PKI (SGP.26) and the GSMA test profiles (TS.48), on both curves, over HTTPS.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Pki, readPki } from '../rsp/pki/read_pki.ts';
import { inspectProfilePackage } from '../rsp/profile/inspect_profile_package.ts';
import { createCard } from './card.ts';
import { createCardState } from './create_card_state.ts';
import { downloadProfile } from './lpa/download_profile.ts';
import { createLpa } from './lpa/lpa.ts';
import { install, newSmdp } from './test_card.ts';
import { startTestSmdp } from './test_smdp.ts';

const testdata = new URL('../../../shared/testdata/', import.meta.url);
const skip = !existsSync(testdata) && 'the GSMA test data is not there';
const host = 'testsmdpplus1.example.com';

function sgp26(): Pki {
  const root = fileURLToPath(new URL('sgp26/', testdata));
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.(der|pem)$/.test(path),
  );
  return readPki(paths.map((path) => ({ path, bytes: readFileSync(root + path) })));
}

const testEid = '89049032123451234512345678901235';
const profileOf = (name: string) => readFileSync(new URL(`upp/${name}-UNIQUE.der`, testdata));

describe('the GSMA test PKI', { skip }, () => {
  for (const curve of ['P-256', 'brainpoolP256r1'] as const)
    for (const givenEuicc of [true, false])
      it(`serves ${givenEuicc ? 'its own eUICC' : 'a new eUICC'} on ${curve}`, async () => {
        const upp = profileOf('TS48V5-SAIP2-1A-NOBERTLV');
        const { iccid, imsi } = inspectProfilePackage(upp);
        const server = await startTestSmdp({ curve, host, pkiOf: sgp26, upp, metadata: { iccid } });
        const card = createCard(createCardState({ pki: server.pki, now: new Date(), givenEuicc }));
        const lpa = createLpa(card, { connectTo: { host: '127.0.0.1', port: server.port } });
        try {
          assert.equal(card.state.credentials.length, 2);
          assert.equal(card.state.eid === testEid, givenEuicc);
          await downloadProfile(lpa, `LPA:1$${server.address}$A-1`);
          assert.equal(
            inspectProfilePackage(Buffer.from(card.state.profiles[0]?.package ?? '', 'base64')).imsi,
            imsi,
          );
        } finally {
          lpa.es9.close();
          await server.close();
        }
      });

  it('installs every test profile of TS.48', () => {
    const pki = sgp26();
    const card = createCard(createCardState({ pki, now: new Date() }));
    const names = readdirSync(new URL('upp/', testdata)).map((name) => name.replace('-UNIQUE.der', ''));
    for (const name of names) {
      const upp = profileOf(name);
      const { iccid } = inspectProfilePackage(upp);
      assert.equal(
        install(card, newSmdp({ pki, address: host, upp, metadata: { iccid } })),
        'installed',
        name,
      );
    }
    assert.equal(card.state.profiles.length, names.length);
  });
});
