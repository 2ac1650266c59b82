// The running SM-DP+: what stays the same from call to call, loaded once and checked to be usable.
import { createHash } from 'node:crypto';
import { AppError } from '../../base/app_error.ts';
import { assert } from '../../base/assert.ts';
import { limits } from '../../base/limits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import type { Database } from '../../pg/database.ts';
import type { AuthenticatingServer } from '../../rsp/authentication/authenticating_server.ts';
import { createCrls } from '../../rsp/crls.ts';
import type { PemIdentity } from '../../rsp/pki/pem_identity.ts';
import { type Pki, type PkiFile, readPki } from '../../rsp/pki/read_pki.ts';
import type { SmdpIdentity } from '../../rsp/pki/select_smdp_identities.ts';
import { createTrust, type Trust } from '../../rsp/trust.ts';
import { type SmdpServer, smdpServers } from './certificates/smdp_servers.ts';
import { type CertificateCache, createCertificateCache } from './es9/certificate_cache.ts';
import type { ProfileMoved } from './profiles/profile.ts';

export type Smdp = Omit<AuthenticatingServer, 'identities'> & {
  /** Host name, optionally with a port: what stands in the activation codes of new orders. */
  address: string;
  /** Every address that it is reached at, the one of new orders first; `reloadSmdp` replaces them. */
  servers: readonly SmdpServer[];
  /** 16 bytes that name this server in the key derivation; the same on every node. */
  hostId: Uint8Array;
  /** Those of `address`, as is `tls`. */
  identities: readonly SmdpIdentity[];
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
  address: string;
  /** Further addresses, each with certificates of its own. */
  otherAddresses?: readonly string[];
  now: Date;
  settings?: Partial<SmdpSettings>;
  database: Database;
  profileMoved: ProfileMoved;
  /** Shared with whoever else trusts the same CIs; that of the PKI if left out. */
  trust?: Trust;
  /** Certificates and keys of the CIs and of this server, in any mixture, or read already. */
} & ({ files: Iterable<PkiFile> } | { pki: Pki });

/** Throws `invalid_certificate` when no CI has a usable DPauth and DPpb pair of this server under it. */
export function loadSmdp(input: LoadSmdp): Smdp {
  const { address, otherAddresses = [], now, database, profileMoved } = input;
  const settings = { ...smdpSettingsDefault, ...input.settings };
  const pki = 'pki' in input ? input.pki : readPki(input.files);
  return {
    address,
    hostId: createHash('sha256').update(address.toLowerCase()).digest().subarray(0, 16),
    ...atAddresses(smdpServers(pki, [address, ...otherAddresses], now)),
    trust: input.trust ?? trustOf(pki),
    refusals,
    svnMin: settings.svnMin,
    svnMax: settings.svnMax,
    settings,
    database,
    euiccCertificates: createCertificateCache(),
    profileMoved,
  };
}

/**
 * What makes `smdp` go by another PKI, in place, when it is called: sessions under way find their identities there, if
 * they still are. Throws as `loadSmdp` does, and for an address whose TLS certificate is gone; then nothing has changed.
 */
export function reloadSmdp(smdp: Smdp, pki: Pki, now: Date): () => void {
  const servers = smdpServers(
    pki,
    smdp.servers.map(({ address }) => address),
    now,
  );
  checkTls(servers);
  return () => void Object.assign(smdp, atAddresses(servers));
}

/** Throws `invalid_certificate` when one of the addresses has no TLS certificate. */
export function checkTls(servers: readonly SmdpServer[]): void {
  for (const { address, tls } of servers)
    if (!tls)
      throw new AppError(
        'invalid_certificate',
        `No TLS certificate (DPtls) with its key is valid now for ${address}. Put one there, or set OVERAIR_SMDP_ADDRESS to the name it has.`,
      );
}

/** The TLS certificates of all addresses, that of `address` first. */
export function tlsOf({ servers }: Smdp): PemIdentity[] {
  return servers.flatMap(({ tls }) => (tls ? [tls] : []));
}

const refusals = {
  address: 'smdp_address_invalid',
  svn: 'euicc_version_unsupported',
  ciKey: 'ci_key_unsupported',
  certificate: 'server_certificate_unavailable',
} as const;

function atAddresses(servers: readonly SmdpServer[]) {
  const [first] = servers;
  assert(first, 'an SM-DP+ has an address');
  const ownAddresses = new Set(servers.flatMap((server) => [...server.ownAddresses]));
  return { servers, ownAddresses, identities: first.identities, tls: first.tls };
}

function trustOf(pki: Pki): Trust {
  return createTrust(
    pki.ci.map(({ certificate }) => certificate),
    createCrls(pki.crls.map(({ crl }) => crl)),
  );
}
