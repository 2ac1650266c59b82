// The running SM-DS: what stays the same from call to call, loaded once and checked to be usable.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import type { Database } from '../../pg/database.ts';
import {
  type AuthenticatingServer,
  isOwnAddress,
  ownAddressesOf,
} from '../../rsp/authentication/authenticating_server.ts';
import { createCrls } from '../../rsp/crls.ts';
import { type PemIdentity, writePemIdentity } from '../../rsp/pki/pem_identity.ts';
import { type Pki, type PkiFile, readPki } from '../../rsp/pki/read_pki.ts';
import { selectSmdsIdentities } from '../../rsp/pki/select_smds_identities.ts';
import { createTrust, type Trust } from '../../rsp/trust.ts';
import type { SmdsClient } from './smds_client.ts';

export type Smds = AuthenticatingServer & {
  /** Host name, optionally with a port: what LPAs and SM-DP+s know this server by. */
  address: string;
  /** The TLS certificate for this address, if the PKI has one. */
  tls: PemIdentity | undefined;
  settings: SmdsSettings;
  database: Database;
  /** Given: this SM-DS is an alternative one, and passes on to that one what it is asked to. */
  root: RootSmds | undefined;
};

export type SmdsCtx = Ctx & { smds: Smds };

export type RootSmds = { address: string; client: SmdsClient };

export type SmdsSettings = {
  /** How long a session waits for AuthenticateClient. */
  sessionSeconds: number;
  /** The specification versions of eUICCs that are served, both ends included. */
  svnMin: string;
  svnMax: string;
};

const settingsDefault: SmdsSettings = { sessionSeconds: 600, svnMin: '2.0.0', svnMax: '2.255.255' };

export type LoadSmds = {
  address: string;
  now: Date;
  settings?: Partial<SmdsSettings>;
  database: Database;
  root?: RootSmds | undefined;
  /** Shared with the SM-DP+ of the same process; that of the PKI if left out. */
  trust?: Trust;
  /** Certificates and keys of the CIs and of this server, in any mixture, or read already. */
} & ({ files: Iterable<PkiFile> } | { pki: Pki });

/** Throws `invalid_certificate` when no CI has a usable DSauth certificate of this server under it. */
export function loadSmds(input: LoadSmds): Smds {
  const { address, now, database, root } = input;
  const all = { ...settingsDefault, ...input.settings };
  const pki = 'pki' in input ? input.pki : readPki(input.files);
  return {
    address,
    ownAddresses: ownAddressesOf(address),
    ...identify(pki, address, now),
    trust: input.trust ?? trustOf(pki),
    refusals,
    svnMin: all.svnMin,
    svnMax: all.svnMax,
    settings: all,
    database,
    root,
  };
}

/** Throws `invalid_certificate` when there is no TLS certificate for the address. */
export function checkSmdsTls({ address, tls }: Pick<Smds, 'address' | 'tls'>): void {
  if (tls) return;
  throw new AppError(
    'invalid_certificate',
    `No TLS certificate (DStls) with its key is valid now for ${address}. Put one there, or set OVERAIR_SMDS_ADDRESS to the name it has, or to off.`,
  );
}

/**
 * What makes `smds` go by another PKI, in place, when it is called. Throws as `loadSmds`, and when the TLS certificate is
 * gone; then nothing has changed.
 */
export function reloadSmds(smds: Smds, pki: Pki, now: Date): () => void {
  const identified = identify(pki, smds.address, now);
  checkSmdsTls({ ...smds, ...identified });
  return () => void Object.assign(smds, identified);
}

function trustOf(pki: Pki): Trust {
  return createTrust(
    pki.ci.map(({ certificate }) => certificate),
    createCrls(pki.crls.map(({ crl }) => crl)),
  );
}

function identify(pki: Pki, smdsAddress: string, now: Date): Pick<Smds, 'identities' | 'tls'> {
  const { identities, tls } = selectSmdsIdentities(pki, { smdsAddress, now });
  if (identities.length > 0) return { identities, tls: tls && writePemIdentity(tls) };
  throw new AppError(
    'invalid_certificate',
    'No usable SM-DS identity: give a DSauth certificate that is valid now, its private key, and the CI certificate that signed it.',
    { internal: pki.unusable.map(({ path, reason }) => `${path}: ${reason}`).join('; ') },
  );
}

/** True when this address means this SM-DS. */
export function isSmdsAddress(smds: Smds, address: string): boolean {
  return isOwnAddress(smds, address);
}

const refusals = {
  address: 'smds_address_invalid',
  svn: 'smds_euicc_version_unsupported',
  ciKey: 'smds_ci_key_unsupported',
  certificate: 'smds_certificate_unavailable',
} as const;
