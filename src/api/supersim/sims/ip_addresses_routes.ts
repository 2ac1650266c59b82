// The addresses that a SIM has now: at most one of each version, none while it is not attached.
import { getSim, type Sim } from '../../../modules/sims/index.ts';
import type { ListPage } from '../../../pg/list.ts';
import { listRoute, type Route } from '../route.ts';
import { readKey } from '../wire/resource_key.ts';

export const ipAddressRoutes: readonly Route[] = [
  listRoute({
    method: 'GET',
    path: '/Sims/{SimSid}/IpAddresses',
    operationId: 'ListSimIpAddress',
    scope: 'read',
    key: 'ip_addresses',
    list: async ({ ctx, account, params }, page) =>
      pageOf(
        addressesOf(await getSim(ctx, { accountId: account.id, key: readKey('sim', params['SimSid']) })),
        page,
      ),
    placeOf: ({ version }) => version,
    isPlace: (place) => place === 'IPv4' || place === 'IPv6',
    write: (addresses) =>
      addresses.map(({ address, version }) => ({ ip_address: address, ip_address_version: version })),
  }),
];

type IpAddress = { address: string; version: 'IPv4' | 'IPv6' };

function addressesOf({ ipV4, ipV6 }: Sim): IpAddress[] {
  return [
    ...(ipV4 === null ? [] : [{ address: ipV4, version: 'IPv4' as const }]),
    ...(ipV6 === null ? [] : [{ address: ipV6, version: 'IPv6' as const }]),
  ];
}

function pageOf(addresses: IpAddress[], { before, after, limit }: ListPage): IpAddress[] {
  const listed = addresses.filter(
    ({ version }) => (before === undefined || version > before) && (after === undefined || version < after),
  );
  return listed.slice(0, limit);
}
