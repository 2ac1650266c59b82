// The running SM-DP+: what stays the same from call to call, loaded once and checked to be usable.
import { createHash } from 'node:crypto';
import { AppError } from '../../base/app_error.ts';
import { assert } from '../../base/assert.ts';
import { toBase64, toHex } from '../../base/bytes.ts';
import { limits } from '../../base/limits.ts';
import type { Certificate } from '../../crypto/certificate.ts';
import type { Curve } from '../../crypto/curve.ts';
import type { Ctx } from '../../pg/ctx.ts';
import type { Database } from '../../pg/database.ts';
import { createEumCache, type EumCache } from '../../rsp/eum_cache.ts';
import { hostOf } from '../../rsp/pki/host.ts';
import { type PkiFile, readPki } from '../../rsp/pki/read_pki.ts';
import {
  type KeyedIdentity,
  type SmdpIdentity,
  selectSmdpIdentities,
} from '../../rsp/pki/select_smdp_identities.ts';
import { type CertificateCache, createCertificateCache } from './certificate_cache.ts';
import type { ProfileMoved } from './profile.ts';

export type Smdp = {
  /** Host name, optionally with a port: what stands in activation codes. */
  address: string;
  /** The addresses that mean this server, in lower case. */
  ownAddresses: ReadonlySet<string>;
  /** 16 bytes that name this server in the key derivation; the same on every node. */
  hostId: Uint8Array;
  /** One for each CI under which this server has certificates, the preferred one first. */
  identities: readonly SmdpIdentity[];
  /** The CIs whose eUICCs are served. */
  trustedCis: readonly Certificate[];
  /** The TLS certificate for this address, if the PKI has one. */
  tls: TlsIdentity | undefined;
  settings: SmdpSettings;
  database: Database;
  eumCache: EumCache;
  euiccCertificates: CertificateCache;
  profileMoved: ProfileMoved;
};

/** Certificate and key in PEM, as TLS servers want them. */
export type TlsIdentity = { certificate: string; privateKey: string; curve: Curve };

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
    trustedCis: pki.ci.map(({ certificate }) => certificate),
    tls: tls && writeTlsIdentity(tls),
    settings: { ...smdpSettingsDefault, ...input.settings },
    database,
    eumCache: createEumCache(),
    euiccCertificates: createCertificateCache(),
    profileMoved,
  };
}

/** True when a client that was given `address` was sent to this server. */
export function isOwnAddress({ ownAddresses }: Smdp, address: string): boolean {
  return ownAddresses.has(address.toLowerCase());
}

/** The identity under this CI. */
export function identityOf({ identities }: Smdp, ciKeyId: Uint8Array): SmdpIdentity {
  const identity = identities.find((each) => toHex(each.ciKeyId) === toHex(ciKeyId));
  assert(identity, 'the identity a session was started with');
  return identity;
}

/** The address as configured, and its host with and without the port, which is 443 unless it is given. */
function ownAddressesOf(address: string): ReadonlySet<string> {
  const full = address.toLowerCase();
  const host = /^(.*):\d+$/.exec(full)?.[1] ?? full;
  return new Set([full, host, hostOf(full), ...(host === full ? [`${host}:443`] : [])]);
}

function writeTlsIdentity({ certificate, privateKey }: KeyedIdentity): TlsIdentity {
  const body = toBase64(certificate.raw).replace(/.{64}(?=.)/g, '$&\n');
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    curve: certificate.curve,
  };
}
