// Networks are listed page by page, by country, MCC and MNC.
import { limits } from '../../base/limits.ts';
import { type Network, networks } from './networks.ts';

/**
 * Up to `limit` networks in the order of country, MCC and MNC: those behind the one with the id `after`, or the ones
 * next in front of the one with the id `before`. Behind an id that no network has is the whole list, in front nothing.
 */
export function listNetworks(filter: NetworkFilter): Network[] {
  const { before, after, limit = limits.pageSizeDefault } = filter;
  const countMax = Math.min(limit, limits.listRowsMax);
  const fitting = (from: number, to?: number) =>
    networks()
      .slice(from, to)
      .filter((network) => fits(network, filter));
  if (before !== undefined) return fitting(0, Math.max(placeOf(before), 0)).slice(-countMax);
  return fitting(after === undefined ? 0 : placeOf(after) + 1).slice(0, countMax);
}

export type NetworkFilter = {
  /** Only these. */
  ids?: ReadonlySet<string>;
  country?: string;
  mcc?: string;
  mnc?: string;
  before?: string;
  after?: string;
  limit?: number;
};

function fits(network: Network, filter: NetworkFilter): boolean {
  if (filter.ids !== undefined && !filter.ids.has(network.id)) return false;
  return (['country', 'mcc', 'mnc'] as const).every(
    (name) => filter[name] === undefined || filter[name] === network[name],
  );
}

function placeOf(id: string): number {
  return networks().findIndex((network) => network.id === id);
}
