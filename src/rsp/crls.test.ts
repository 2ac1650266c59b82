// Revocation: which lists count, and what becomes of an eUICC whose certificate, or whose maker's, is on one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { present } from '../base/assert.ts';
import { type Certificate, readCertificate } from '../crypto/certificate.ts';
import type { Name } from '../crypto/certificate_name.ts';
import { readCrl } from '../crypto/crl.ts';
import { type CrlRequest, makeCrl } from '../crypto/make_crl.ts';
import { generateSigningKey, readSigningKey, type SigningKey } from '../crypto/signing_key.ts';
import { checkCertificateChain } from './check_certificate_chain.ts';
import { createCrls } from './crls.ts';
import { makeTestPki } from './pki/make_test_pki.ts';
import { RspError } from './rsp_error.ts';
import { createTrust } from './trust.ts';

const now = new Date('2026-11-21T12:00:00Z');
const files = makeTestPki({ smdpAddress: 'smdp.example.com', now });
const bytesOf = (name: string) => present(files.get(name), name);
const certificateOf = (name: string) => readCertificate(bytesOf(`${name}_NIST.der`));
const keyOf = (name: string) => readSigningKey(bytesOf(`${name}_NIST.pem`));
const ci = certificateOf('CertificateIssuer/CERT_CI_ECDSA');
const eum = certificateOf('EUM/CERT_EUM_ECDSA');
const euicc = certificateOf('eUICC/CERT_EUICC_ECDSA');
const ciKey = keyOf('CertificateIssuer/SK_CI_ECDSA');
const eumKey = keyOf('EUM/SK_EUM_ECDSA');
const serialOfNobody = Buffer.from('55', 'hex');

type Change = Partial<CrlRequest> & { name?: Name | Uint8Array; key?: SigningKey };

function listOf(issuer: Certificate, issuerKey: SigningKey, { name, key, ...more }: Change) {
  return readCrl(
    makeCrl({
      issuer: { name: name ?? issuer.subject, key: key ?? issuerKey },
      thisUpdate: new Date('2026-11-01T00:00:00Z'),
      revoked: [],
      ...more,
    }),
  );
}
const ofCi = (...more: Change[]) => more.map((each) => listOf(ci, ciKey, each));
const ofEum = (...more: Change[]) => more.map((each) => listOf(eum, eumKey, each));

const eumRevoked = { revoked: [serialOfNobody, eum.serialNumber] };
const euiccRevoked = { revoked: [euicc.serialNumber] };
const newer = { thisUpdate: new Date('2026-11-02T00:00:00Z') };

type Case = { what: string; crls: ReturnType<typeof ofCi>; code?: string };
const cases: Case[] = [
  { what: 'no list', crls: [] },
  { what: 'lists that name somebody else', crls: [...ofCi({ revoked: [serialOfNobody] }), ...ofEum({})] },
  { what: 'the EUM on the list of its CI', crls: ofCi(eumRevoked), code: 'eum_certificate_invalid' },
  { what: 'the eUICC on the list of its EUM', crls: ofEum(euiccRevoked), code: 'euicc_certificate_invalid' },
  { what: 'the number of the eUICC on the list of the CI', crls: ofCi(euiccRevoked) },
  { what: 'the number of the EUM on its own list', crls: ofEum(eumRevoked) },
  {
    what: 'a list that somebody else signed',
    crls: ofCi({ ...eumRevoked, key: generateSigningKey('P-256') }),
  },
  { what: 'a list of another name', crls: ofCi({ ...eumRevoked, name: { commonName: 'Other CI' } }) },
  {
    what: 'a list that should have been renewed long ago',
    crls: ofCi({
      ...eumRevoked,
      thisUpdate: new Date('2020-01-01T00:00:00Z'),
      nextUpdate: new Date('2020-02-01T00:00:00Z'),
    }),
    code: 'eum_certificate_invalid',
  },
  { what: 'a newer list without it', crls: ofCi(eumRevoked, newer) },
  { what: 'a newer list without it, given first', crls: ofCi(newer, eumRevoked) },
  {
    what: 'an older list without it',
    crls: ofCi({ ...eumRevoked, ...newer }, {}),
    code: 'eum_certificate_invalid',
  },
  {
    what: 'a forged newer list without it',
    crls: ofCi(eumRevoked, { ...newer, key: generateSigningKey('P-256') }),
    code: 'eum_certificate_invalid',
  },
  {
    what: 'a list of the same time with a higher number',
    crls: ofCi({ number: 1 }, { ...eumRevoked, number: 300 }),
    code: 'eum_certificate_invalid',
  },
  {
    what: 'a newer part of the list for other certificates',
    crls: ofCi(
      { ...eumRevoked, distributionPoint: 'http://ci.example/b.crl' },
      { ...newer, distributionPoint: 'http://ci.example/a.crl' },
    ),
    code: 'eum_certificate_invalid',
  },
];

for (const { what, crls, code } of cases)
  test(`${what}: ${code ?? 'trusted'}, also when the EUM is cached`, () => {
    const trust = createTrust([ci]);
    const check = () =>
      checkCertificateChain({ euiccCertificate: euicc.raw, eumCertificate: eum.raw, trust, now });
    check();
    trust.crls = createCrls(crls);
    for (const each of [trust, createTrust([ci], createCrls(crls))]) {
      const chain = () =>
        checkCertificateChain({ euiccCertificate: euicc.raw, eumCertificate: eum.raw, trust: each, now });
      if (code) assert.throws(chain, (error) => error instanceof RspError && error.code === code);
      else assert.equal(chain().eid, euicc.subjectName.serialNumber);
    }
  });

test('an issuer that may not sign lists revokes nothing', () => {
  const crls = createCrls(ofCi(eumRevoked));
  assert.ok(crls.isRevoked(eum, ci));
  assert.ok(!crls.isRevoked(eum, { ...ci, keyUsage: [5] }));
});
