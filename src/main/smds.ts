// The SM-DS of this installation, and how its SM-DP+ tells SM-DSs of the profiles that wait for an EID.
import { AppError } from '../base/app_error.ts';
import { present } from '../base/assert.ts';
import { type Smdp, usePush } from '../modules/smdp/index.ts';
import {
  checkSmdsTls,
  createSmdsClient,
  loadSmds,
  type RootSmds,
  reloadSmds,
  type Smds,
} from '../modules/smds/index.ts';
import type { RspClient } from '../outgoing/rsp_client.ts';
import type { PemIdentity } from '../rsp/pki/pem_identity.ts';
import type { Certificates } from './certificates.ts';
import type { Config } from './config.ts';
import { createCurrentClient } from './current_client.ts';
import type { Installation } from './open_installation.ts';

/** The address that LPAs know the SM-DS by; undefined when there is to be none. */
export function smdsAddressOf({ smdsAddress }: Config, port: number): string | undefined {
  return smdsAddress === null ? undefined : (smdsAddress ?? `localhost:${port}`);
}

/** `close` ends the connections to other servers. */
export type OpenedPush = { smds: Smds | undefined; close(): void };

/**
 * Opens the SM-DS, and makes this process tell it and others of events. Throws `invalid_certificate` when the settings
 * name an SM-DS that there are no certificates for; when they do not, there is just none.
 */
export function openPush(
  config: Config,
  installation: Installation,
  certificates: Certificates,
  { smdp, smdsAddress }: { smdp: Smdp; smdsAddress: string | undefined },
): OpenedPush {
  const clients: RspClient[] = [];
  const clientFor = (name: 'es12' | 'es15', identityOf: () => PemIdentity | undefined) => {
    const client = createCurrentClient(identityOf, certificates.trust);
    clients.push(client);
    return createSmdsClient({
      client,
      interface: name,
      urls: config.es12Urls,
      requesterIdentifier: smdp.address,
    });
  };
  const { smdsRoot } = config;
  const root: RootSmds | undefined =
    smdsRoot === undefined ? undefined : { address: smdsRoot, client: clientFor('es15', () => smds?.tls) };
  const smds: Smds | undefined =
    smdsAddress === undefined ? undefined : openSmds(config, installation, certificates, smdsAddress, root);
  if (smds) certificates.onReload(({ pki, now }) => reloadSmds(smds, pki, now));
  usePush(installation, { smdp, smds, root: smdsRoot, client: clientFor('es12', () => smdp.tls) });
  const close = () => {
    for (const client of clients) client.close();
  };
  return { smds, close };
}

function openSmds(
  config: Config,
  { database, log }: Installation,
  { loaded, trust }: Certificates,
  address: string,
  root: RootSmds | undefined,
): Smds | undefined {
  const { sessionSeconds, svnMin, svnMax } = config;
  const { pki, now } = loaded;
  try {
    const smds = loadSmds({
      pki,
      trust,
      address,
      now,
      database,
      root,
      settings: { sessionSeconds, svnMin, svnMax },
    });
    checkSmdsTls(smds);
    return smds;
  } catch (error) {
    if (config.smdsAddress !== undefined || !(error instanceof AppError)) throw error;
    log.info({ reason: error.detail }, 'there is no SM-DS: the certificates for one are not there');
    return undefined;
  }
}

/** What its port shows to clients. */
export function smdsTlsOf({ tls }: Smds): PemIdentity {
  return present(tls, 'a TLS certificate of an SM-DS that listens');
}
