// The two elliptic curves of SGP.22: NIST P-256 and brainpoolP256r1, both with 32-byte coordinates.
import { AppError } from '../base/app_error.ts';

export type Curve = 'P-256' | 'brainpoolP256r1';

/** Per curve: OpenSSL's name, its object identifier, and what stands before the point in a SubjectPublicKeyInfo. */
export const curves = {
  'P-256': {
    opensslName: 'prime256v1',
    oid: '1.2.840.10045.3.1.7',
    spkiHead: Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex'),
  },
  brainpoolP256r1: {
    opensslName: 'brainpoolP256r1',
    oid: '1.3.36.3.3.2.8.1.1.7',
    spkiHead: Buffer.from('305a301406072a8648ce3d020106092b2403030208010107034200', 'hex'),
  },
} as const satisfies Record<Curve, { opensslName: string; oid: string; spkiHead: Buffer }>;

/** The curve with this object identifier. Throws `invalid_certificate` for any other curve. */
export function curveOfOid(oid: string): Curve {
  for (const curve of ['P-256', 'brainpoolP256r1'] as const) if (curves[curve].oid === oid) return curve;
  throw new AppError('invalid_certificate', `the key is on an unsupported curve (${oid})`);
}
