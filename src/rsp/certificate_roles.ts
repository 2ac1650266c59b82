// What a certificate of the RSP ecosystem may be used for, as its certificatePolicies say (SGP.22 §4.5.2.1, id-rspRole).

export const roleOids = {
  ci: '2.23.146.1.2.1.0',
  euicc: '2.23.146.1.2.1.1',
  eum: '2.23.146.1.2.1.2',
  dpTls: '2.23.146.1.2.1.3',
  dpAuth: '2.23.146.1.2.1.4',
  dpPb: '2.23.146.1.2.1.5',
  dsTls: '2.23.146.1.2.1.6',
  dsAuth: '2.23.146.1.2.1.7',
} as const;

export type CertificateRole = keyof typeof roleOids;
const roles = Object.keys(roleOids) as CertificateRole[];

/** The role of a certificate, or undefined when it has none of them. */
export function roleOf({ policies }: { policies: readonly string[] }): CertificateRole | undefined {
  return roles.find((role) => policies.includes(roleOids[role]));
}
