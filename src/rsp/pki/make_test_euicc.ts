// A test eUICC under a test EUM: as many as a fleet of virtual devices needs, each with an EID of its own.
import { keyUsage } from '../../crypto/certificate_extensions.ts';
import type { Name } from '../../crypto/certificate_name.ts';
import { makeCertificate } from '../../crypto/make_certificate.ts';
import { generateSigningKey, type SigningKey } from '../../crypto/signing_key.ts';
import { roleOids } from '../certificate_roles.ts';

export type TestEuiccInput = {
  eumKey: SigningKey;
  /** The subject of the EUM certificate; that of `makeTestPki` if left out. */
  eumName?: Name;
  /** 32 digits within the EUM's range. */
  eid: string;
  notBefore: Date;
  notAfter: Date;
};

export const testEumName: Name & { organization: string } = {
  country: 'ES',
  organization: 'Overair Test EUM',
  commonName: 'EUM Test',
};

/** The certificate (DER) and key of an eUICC with this EID, on the curve of its EUM. */
export function makeTestEuicc(input: TestEuiccInput): { certificate: Uint8Array; key: SigningKey } {
  const { eumKey, eumName = testEumName, eid, notBefore, notAfter } = input;
  const key = generateSigningKey(eumKey.curve);
  const { organization = '' } = eumName;
  const certificate = makeCertificate({
    subject: { country: 'ES', organization, serialNumber: eid, commonName: 'Test eUICC' },
    key,
    issuer: { name: eumName, key: eumKey },
    notBefore,
    notAfter,
    keyUsage: [keyUsage.digitalSignature],
    policies: [roleOids.euicc],
  });
  return { certificate, key };
}
