// Networks between the wire and the core.
import type { Network } from '../../../modules/catalogue/index.ts';
import { writeSid } from '../wire/sid.ts';

/** As a resource of its own, at `url`. */
export function writeNetwork(network: Network, base: string) {
  const sid = writeSid('network', network.id);
  return { sid, ...describeNetwork(network), url: `${base}/Networks/${sid}` };
}

/** What is said of a network wherever it stands. */
export function describeNetwork({ brand, country, mcc, mnc }: Network) {
  return { friendly_name: brand, iso_country: country, identifiers: [{ mcc, mnc }] };
}
