// Which eUICCs are trusted, and with which code the others are turned away.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { toHex } from '../base/bytes.ts';
import { type Certificate, readCertificate } from '../crypto/certificate.ts';
import { keyUsage } from '../crypto/certificate_extensions.ts';
import { type CertificateRequest, makeCertificate } from '../crypto/make_certificate.ts';
import { generateSigningKey } from '../crypto/signing_key.ts';
import { roleOids } from './certificate_roles.ts';
import { certificateFault } from './check_certificate.ts';
import { checkCertificateChain } from './check_certificate_chain.ts';
import { noCrls } from './crls.ts';
import { createEumCache } from './eum_cache.ts';
import { RspError } from './rsp_error.ts';
import { createTrust } from './trust.ts';

const now = new Date('2026-11-21T12:00:00Z');
const eid = '89049032123451234512345678901235';
const keys = {
  ci: generateSigningKey('P-256'),
  eum: generateSigningKey('P-256'),
  euicc: generateSigningKey('P-256'),
};
const ciName = { commonName: 'CI' };
const eumName = { organization: 'Maker', commonName: 'EUM' };
const dates = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2036-01-01T00:00:00Z') };
const past = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2021-01-01T00:00:00Z') };
const future = { notBefore: new Date('2030-01-01T00:00:00Z'), notAfter: new Date('2031-01-01T00:00:00Z') };

function ci(more: Partial<CertificateRequest> = {}): Certificate {
  return readCertificate(
    makeCertificate({
      subject: ciName,
      key: keys.ci,
      issuer: { name: ciName, key: keys.ci },
      ...dates,
      keyUsage: [keyUsage.keyCertSign],
      policies: [roleOids.ci],
      ca: {},
      ...more,
    }),
  );
}

function eum(more: Partial<CertificateRequest> = {}): Uint8Array {
  return makeCertificate({
    subject: eumName,
    key: keys.eum,
    issuer: { name: ciName, key: keys.ci },
    ...dates,
    keyUsage: [keyUsage.keyCertSign],
    policies: [roleOids.eum],
    ca: { pathLength: 0 },
    permittedName: { organization: 'Maker', serialNumber: '89049032' },
    ...more,
  });
}

function euicc(more: Partial<CertificateRequest> = {}): Uint8Array {
  return makeCertificate({
    subject: { organization: 'Maker', serialNumber: eid },
    key: keys.euicc,
    issuer: { name: eumName, key: keys.eum },
    ...dates,
    keyUsage: [keyUsage.digitalSignature],
    policies: [roleOids.euicc],
    ...more,
  });
}

const stranger = generateSigningKey('P-256');
const trusted = ci();
const bent = (der: Uint8Array) => Buffer.concat([der.subarray(0, -1), Uint8Array.of((der.at(-1) ?? 0) ^ 1)]);
const rangeOf = (serialNumber: string) => ({ permittedName: { organization: 'Maker', serialNumber } });
const permitted = (...permittedEins: string[]) => ({ permittedEins });

type Case = {
  what: string;
  eum?: Uint8Array;
  euicc?: Uint8Array;
  ciKeyId?: Uint8Array;
  cis?: Certificate[];
  code: string;
};
const refusals: Case[] = [
  { what: 'no CI is trusted', cis: [], code: 'ci_unknown' },
  {
    what: 'the EUM is of an unknown CI',
    eum: eum({ issuer: { name: ciName, key: stranger } }),
    code: 'ci_unknown',
  },
  {
    what: 'the EUM names the CI but another key signed it',
    eum: bent(eum()),
    code: 'eum_certificate_invalid',
  },
  {
    what: 'the EUM is of a trusted CI, not of the one chosen',
    ciKeyId: Buffer.alloc(20, 1),
    code: 'eum_certificate_invalid',
  },
  { what: 'the EUM is no certificate', eum: Buffer.from('3000', 'hex'), code: 'eum_certificate_invalid' },
  {
    what: 'the EUM has the role of an SM-DP+',
    eum: eum({ policies: [roleOids.dpAuth] }),
    code: 'eum_certificate_invalid',
  },
  {
    what: 'the EUM may not sign certificates',
    eum: eum({ keyUsage: [keyUsage.digitalSignature] }),
    code: 'eum_certificate_invalid',
  },
  { what: 'the EUM has expired', eum: eum(past), code: 'eum_certificate_expired' },
  { what: 'the EUM is not valid yet', eum: eum(future), code: 'eum_certificate_invalid' },
  {
    what: 'the EUM has expired and its signature is wrong',
    eum: bent(eum(past)),
    code: 'eum_certificate_invalid',
  },
  {
    what: 'the eUICC is of another EUM',
    euicc: euicc({ issuer: { name: eumName, key: stranger } }),
    code: 'euicc_certificate_invalid',
  },
  { what: 'the signature on the eUICC is wrong', euicc: bent(euicc()), code: 'euicc_certificate_invalid' },
  { what: 'the eUICC is no certificate', euicc: new Uint8Array(0), code: 'euicc_certificate_invalid' },
  {
    what: 'the eUICC has the role of an EUM',
    euicc: euicc({ policies: [roleOids.eum] }),
    code: 'euicc_certificate_invalid',
  },
  {
    what: 'the eUICC may not sign',
    euicc: euicc({ keyUsage: [keyUsage.crlSign] }),
    code: 'euicc_certificate_invalid',
  },
  { what: 'the eUICC calls itself a CA', euicc: euicc({ ca: {} }), code: 'euicc_certificate_invalid' },
  { what: 'the eUICC has expired', euicc: euicc(past), code: 'euicc_certificate_expired' },
  {
    what: 'the eUICC has expired and its EID is out of range',
    euicc: euicc(past),
    eum: eum(rangeOf('8999')),
    code: 'euicc_certificate_expired',
  },
  {
    what: 'the EID is out of the name constraints',
    eum: eum(rangeOf('89049033')),
    code: 'euicc_certificate_invalid',
  },
  {
    what: 'the organization is another',
    euicc: euicc({ subject: { organization: 'Other', serialNumber: eid } }),
    code: 'euicc_certificate_invalid',
  },
  {
    what: 'the EID is out of the permitted EINs',
    eum: eum(permitted('8905', '')),
    code: 'euicc_certificate_invalid',
  },
  {
    what: 'the EID has 31 digits',
    euicc: euicc({ subject: { organization: 'Maker', serialNumber: eid.slice(1) } }),
    code: 'euicc_certificate_invalid',
  },
  {
    what: 'there is no EID',
    euicc: euicc({ subject: { organization: 'Maker' } }),
    code: 'euicc_certificate_invalid',
  },
  { what: 'the CI itself has expired', cis: [ci(past)], code: 'eum_certificate_invalid' },
];

for (const { what, code, cis = [trusted], ciKeyId, ...given } of refusals)
  test(`${code} when ${what}, with a cache and without`, () => {
    const input = {
      euiccCertificate: given.euicc ?? euicc(),
      eumCertificate: given.eum ?? eum(),
      ciKeyId,
      now,
    };
    const cached = createTrust(cis);
    for (const trust of [createTrust(cis), cached, cached])
      assert.throws(
        () => checkCertificateChain({ ...input, trust }),
        (error) => error instanceof RspError && error.code === code,
      );
  });

test('an eUICC within its range is trusted, by name constraints or by permitted EINs', () => {
  for (const maker of [eum(), eum({ permittedEins: ['1', '89049032'] }), eum(rangeOf('89'))]) {
    const chain = checkCertificateChain({
      euiccCertificate: euicc(),
      eumCertificate: maker,
      trust: createTrust([trusted]),
      now,
      ciKeyId: trusted.subjectKeyId,
    });
    assert.equal(chain.eid, eid);
    assert.equal(chain.ci, trusted);
  }
});

test('a cached EUM is checked again for its dates and for the trust in its CI', () => {
  const cache = createEumCache();
  const trusting = (cis: Certificate[]) => createTrust(cis, noCrls, cache);
  const input = { euiccCertificate: euicc(), eumCertificate: eum(), trust: trusting([trusted]), now };
  const first = checkCertificateChain(input);
  assert.equal(
    checkCertificateChain(input).eum,
    first.eum,
    'the same object: neither parsed nor verified again',
  );
  const refused = (code: string, more: object) =>
    assert.throws(
      () => checkCertificateChain({ ...input, ...more }),
      (error) => error instanceof RspError && error.code === code,
    );
  refused('eum_certificate_expired', { now: new Date('2040-01-01T00:00:00Z') });
  refused('ci_unknown', { trust: trusting([]) });
  assert.equal(
    checkCertificateChain({ ...input, trust: trusting([ci()]) }).eid,
    eid,
    'the same CI read again',
  );
});

test('the cache forgets its oldest entries and never grows beyond its size', () => {
  const cache = createEumCache(2);
  const makers = [1, 2, 3].map(() => eum());
  for (const eumCertificate of makers)
    checkCertificateChain({
      euiccCertificate: euicc(),
      eumCertificate,
      trust: createTrust([trusted], noCrls, cache),
      now,
    });
  assert.deepEqual(
    makers.map((raw) => cache.get(raw) !== undefined),
    [false, true, true],
  );
});

test('a server certificate is judged by role, issuer and dates', () => {
  const issued = (policies: string[], more = {}) =>
    readCertificate(
      makeCertificate({
        subject: { organization: 'DP' },
        key: keys.euicc,
        issuer: { name: ciName, key: keys.ci },
        ...dates,
        keyUsage: [keyUsage.digitalSignature],
        policies,
        ...more,
      }),
    );
  assert.equal(certificateFault(issued([roleOids.dpAuth]), trusted, 'dpAuth', now), undefined);
  assert.equal(certificateFault(issued([roleOids.dpAuth]), trusted, 'dpPb', now), 'invalid');
  assert.equal(certificateFault(issued([roleOids.dpAuth], past), trusted, 'dpAuth', now), 'expired');
});

const testPki = new URL('../../../shared/testdata/sgp26/', import.meta.url);
for (const suffix of ['NIST', 'BRP'])
  test(`the genuine ${suffix} test chain is trusted`, {
    skip: !existsSync(testPki) && 'no test data',
  }, () => {
    const file = (name: string) => readFileSync(new URL(`${name}_ECDSA_${suffix}.der`, testPki));
    const chain = checkCertificateChain({
      euiccCertificate: file('eUICC/CERT_EUICC'),
      eumCertificate: file('EUM/CERT_EUM'),
      trust: createTrust([readCertificate(file('CertificateIssuer/CERT_CI'))]),
      now: new Date(),
    });
    assert.equal(chain.eid, eid);
    assert.match(toHex(chain.ci.subjectKeyId ?? Buffer.alloc(0)), /^(F54172BD|C0BC70BA)/);
  });
