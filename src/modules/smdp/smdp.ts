// The running SM-DP+: what stays the same from call to call, loaded once and checked to be usable.
import { createHash } from 'node:crypto';
import { AppError } from '../../base/app_error.ts';
import { assert } from '../../base/assert.ts';
import { toHex } from '../../base/bytes.ts';
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import type { Database } from '../../pg/database.ts';
import { type AuthenticatingServer, ownAddressesOf } from '../../rsp/authentication/authenticating_server.ts';
import { type PemIdentity, writePemIdentity } from '../../rsp/pki/pem_identity.ts';
import { type PkiFile, readPki } from '../../rsp/pki/read_pki.ts';
import { type SmdpIdentity, selectSmdpIdentities } from '../../rsp/pki/select_smdp_identities.ts';
import { createTrust } from '../../rsp/trust.ts';
import { type CertificateCache, createCertificateCache } from './es9/certificate_cache.ts';
import type { ProfileMoved } from './profiles/profile.ts';

export type Smdp = Omit<AuthenticatingServer, 'identities'> & {
  /** Host name, optionally with a port: what stands in activation codes. */
  address: string;
  /** 16 bytes that name this server in the key derivation; the same on every node. */
  hostId: Uint8Array;
  identities: readonly SmdpIdentity[];
  /** The TLS certificate for this address, if the PKI has one. */
  tls: PemIdentity | undefined;
  settings: SmdpSettings;
  database: Database;
  euiccCertificates: CertificateCache;
  profileMoved: ProfileMoved;
};

export type SmdpCtx = Ctx & { smdp: Smdp };

export type SmdpSettings = {
  /** How long a session stays open after each call; a person may take minutes over a confirmation. */
  sessionSeconds: number;
  /** The specification versions of eUICCs that are served, both ends included. */
  svnMin: string;
  svnMax: string;
  downloadAttemptsMax: number;
  confirmationAttemptsMax: number;
};

export const smdpSettingsDefault: SmdpSettings = {
  sessionSeconds: 600,
  svnMin: '2.0.0',
  svnMax: '2.255.255',
  downloadAttemptsMax: limits.downloadAttemptsMax,
  confirmationAttemptsMax: limits.confirmationCodeAttemptsMax,
};

export type LoadSmdp = {
  /** Certificates and keys of the CIs and of this server, in any mixture. */
  files: Iterable<PkiFile>;
  address: string;
  now: Date;
  settings?: Partial<SmdpSettings>;
  database: Database;
  profileMoved: ProfileMoved;
};

/** Throws `invalid_certificate` when no CI has a usable DPauth and DPpb pair of this server under it. */
export function loadSmdp(input: LoadSmdp): Smdp {
  const { address, now, database, profileMoved } = input;
  const settings = { ...smdpSettingsDefault, ...input.settings };
  const pki = readPki(input.files);
  const { identities, tls } = selectSmdpIdentities(pki, { smdpAddress: address, now });
  if (identities.length === 0)
    throw new AppError(
      'invalid_certificate',
      'No usable SM-DP+ identity: give DPauth and DPpb certificates with the same OID, valid now, their private keys, and the CI certificate that signed them.',
      { internal: pki.unusable.map(({ path, reason }) => `${path}: ${reason}`).join('; ') },
    );
  return {
    address,
    ownAddresses: ownAddressesOf(address),
    hostId: createHash('sha256').update(address.toLowerCase()).digest().subarray(0, 16),
    identities,
    trust: createTrust(pki.ci.map(({ certificate }) => certificate)),
    refusals,
    svnMin: settings.svnMin,
    svnMax: settings.svnMax,
    tls: tls && writePemIdentity(tls),
    settings,
    database,
    euiccCertificates: createCertificateCache(),
    profileMoved,
  };
}

const refusals = {
  address: 'smdp_address_invalid',
  svn: 'euicc_version_unsupported',
  ciKey: 'ci_key_unsupported',
  certificate: 'server_certificate_unavailable',
} as const;

/** The identity under this CI. */
export function identityOf({ identities }: Smdp, ciKeyId: Uint8Array): SmdpIdentity {
  const identity = identities.find((each) => toHex(each.ciKeyId) === toHex(ciKeyId));
  assert(identity, 'the identity a session was started with');
  return identity;
}
