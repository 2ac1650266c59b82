// Certificates that a server must refuse: made by the issuers of a kit, each wrong in one way.
import { present } from '../../src/base/assert.ts';
import { completeEid } from '../../src/base/digits.ts';
import { readCertificate } from '../../src/crypto/certificate.ts';
import { keyUsage } from '../../src/crypto/certificate_extensions.ts';
import { type CertificateRequest, makeCertificate } from '../../src/crypto/make_certificate.ts';
import { generateSigningKey } from '../../src/crypto/signing_key.ts';
import type { ProofChanges, TestCard } from '../../src/modules/smdp/testing/test_card.ts';
import { roleOids } from '../../src/rsp/certificate_roles.ts';
import { makeTestEuicc } from '../../src/rsp/pki/make_test_euicc.ts';
import { makeTestPki } from '../../src/rsp/pki/make_test_pki.ts';
import type { Kit } from './kit.ts';

const valid = { notBefore: new Date('2026-01-01'), notAfter: new Date('2040-01-01') };
const past = { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') };
const future = { notBefore: new Date('2090-01-01'), notAfter: new Date('2091-01-01') };

/** What the card presents instead of its own certificates, each with the codes that must come back. */
export function forgedProofs(
  kit: Kit,
  card: TestCard,
): [name: string, changes: ProofChanges, codes: string][] {
  const { curve } = card.key;
  const ci = readCertificate(kit.file('CertificateIssuer/CERT'));
  const ciKey = kit.key('CertificateIssuer/SK');
  const eumKey = kit.key('EUM/SK');
  const otherKey = generateSigningKey(curve);
  const { subjectName } = readCertificate(card.eumCertificate);
  const organization = present(subjectName.organization, 'an organization');
  const eum = (changes: Partial<CertificateRequest> = {}) => ({
    eumCertificate: makeCertificate({
      subject: subjectName,
      key: eumKey,
      issuer: { name: ci.subjectName, key: ciKey },
      ...valid,
      keyUsage: [keyUsage.keyCertSign],
      policies: [roleOids.eum],
      ca: { pathLength: 0 },
      permittedName: { organization, serialNumber: card.eid.slice(0, 8) },
      ...changes,
    }),
  });
  const euicc = (changes: Partial<Parameters<typeof makeTestEuicc>[0]> = {}) => {
    const made = makeTestEuicc({ eumKey, eumName: subjectName, eid: card.eid, ...valid, ...changes });
    return { euiccCertificate: made.certificate, key: made.key };
  };
  const strangers = makeTestPki({ smdpAddress: 'localhost', now: new Date(), curve });
  const stranger = present(
    [...strangers].find(([path]) => path.startsWith('EUM/CERT')),
    'an EUM certificate',
  )[1];
  const forgedIssuer = { name: ci.subjectName, key: { ...otherKey, publicPoint: ciKey.publicPoint } };
  return [
    ['an EUM certificate that is made anew', eum(), '-'],
    ['an EUM certificate of an unknown CI', { eumCertificate: stranger }, '8.11.1/3.9'],
    ['an EUM certificate with a forged signature', eum({ issuer: forgedIssuer }), '8.1.2/6.1'],
    ['an EUM certificate of the role of an eUICC', eum({ policies: [roleOids.euicc] }), '8.1.2/6.1'],
    [
      'an EUM certificate that may not sign certificates',
      eum({ keyUsage: [keyUsage.digitalSignature] }),
      '8.1.2/6.1',
    ],
    ['an EUM certificate that has expired', eum(past), '8.1.2/6.3'],
    ['an expired EUM certificate that names no range', eum({ ...past, permittedName: {} }), '8.1.2/6.3'],
    ['an EUM certificate that is not valid yet', eum(future), '8.1.2/6.1'],
    ['an eUICC certificate with a forged signature', euicc({ eumKey: otherKey }), '8.1.3/6.1'],
    ['an eUICC certificate that has expired', euicc(past), '8.1.3/6.3'],
    ['an eUICC certificate that is not valid yet', euicc(future), '8.1.3/6.1'],
    [
      'an EID out of the range of its EUM',
      euicc({ eid: completeEid('880490321234512345123456789012') }),
      '8.1.3/6.1',
    ],
    [
      'the EUM certificate in place of the one of the eUICC',
      { euiccCertificate: card.eumCertificate },
      '8.1.3/6.1',
    ],
  ];
}
