// The SM-DP+ of an installation, with an identity and a TLS certificate for each of its addresses.
import { followProfile } from '../modules/esims/index.ts';
import { checkTls, loadSmdp, reloadSmdp, type Smdp } from '../modules/smdp/index.ts';
import type { Certificates } from './certificates.ts';
import type { Config } from './config.ts';
import type { Installation } from './open_installation.ts';

/** Under the addresses that it is reached at, the one of new orders first; it follows reloads. Throws `invalid_certificate`. */
export function openSmdp(
  config: Config,
  { database }: Installation,
  certificates: Certificates,
  [address = 'localhost', ...otherAddresses]: readonly string[],
): Smdp {
  const { sessionSeconds, svnMin, svnMax } = config;
  const { pki, now } = certificates.loaded;
  const smdp = loadSmdp({
    pki,
    trust: certificates.trust,
    address,
    otherAddresses,
    now,
    settings: { sessionSeconds, svnMin, svnMax },
    database,
    profileMoved: followProfile,
  });
  checkTls(smdp.servers);
  certificates.onReload((loaded) => reloadSmdp(smdp, loaded.pki, loaded.now));
  return smdp;
}
