// Networks of a country, from the core to the wire.
import type { Country, Network } from '../../../modules/catalogue/index.ts';

export function writeCountryNetworks({ name }: Country, networks: readonly Network[]) {
  return { name, networks: networks.map(writeNetwork) };
}

/** The list that networks come from has no TADIG codes. */
function writeNetwork({ name, brand, mcc, mnc, technologies }: Network) {
  return { name, brandName: brand, mcc, mnc, tagid: '', speed: technologies };
}
