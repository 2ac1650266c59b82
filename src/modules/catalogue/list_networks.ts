// Networks are listed page by page, by country, MCC and MNC.
import { limits } from '../../base/limits.ts';
import { type Network, networks } from './networks.ts';

/** Up to `limit` networks behind the one with the id `after`, in the order of country, MCC and MNC. */
export function listNetworks(filter: NetworkFilter): Network[] {
  const limit = Math.min(filter.limit ?? limits.pageSizeDefault, limits.pageSizeMax);
  const all = networks().filter(({ country }) => filter.country === undefined || country === filter.country);
  const start = filter.after === undefined ? 0 : all.findIndex(({ id }) => id === filter.after) + 1;
  return all.slice(start, start + limit);
}

export type NetworkFilter = { country?: string; after?: string; limit?: number };
