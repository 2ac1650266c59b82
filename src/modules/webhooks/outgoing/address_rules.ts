// Which addresses we may call on behalf of others: none that leads back into our own network or to no single host.
import { BlockList, isIP } from 'node:net';
import { AppError } from '../../../base/app_error.ts';

/** Gives a test of IP addresses (IPv4-mapped IPv6 is held against the IPv4 rules). `allowed` are networks that may be called all the same. */
export function addressRules(allowed: readonly string[] = []): (address: string) => boolean {
  const exceptions = blockList(allowed);
  return (address) => {
    const version = isIP(address);
    // An address with a zone is link-local.
    if (version === 0 || address.includes('%')) return false;
    const family = version === 6 ? 'ipv6' : 'ipv4';
    return exceptions.check(address, family) || !forbidden.check(address, family);
  };
}

/** IANA special-purpose registries (RFC 6890 and later), by what would be reached there. */
export const forbiddenNetworks: readonly string[] = [
  '0.0.0.0/8', // this host
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local, cloud metadata
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
  '::/96', // unspecified, loopback, IPv4-compatible
  '64:ff9b::/96', // NAT64
  '64:ff9b:1::/48', // NAT64 of a local network
  '100::/64', // discard
  '2001::/23', // protocol assignments, Teredo
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '3fff::/20', // documentation
  '5f00::/16', // segment routing
  'fc00::/7', // private
  'fe80::/10', // link-local
  'fec0::/10', // site-local
  'ff00::/8', // multicast
];

const widthBits: Record<number, number> = { 4: 32, 6: 128 };
const forbidden = blockList(forbiddenNetworks);

/** Throws `invalid_request` for what is no address and no network in CIDR form. */
function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix, ...more] = network.split('/');
    const version = isIP(address);
    const bits = prefix === undefined ? widthBits[version] : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
    if (
      version === 0 ||
      bits === undefined ||
      bits < 0 ||
      bits > (widthBits[version] ?? 0) ||
      more.length > 0
    )
      throw new AppError('invalid_request', `${network} is not a network: give it like 10.0.0.0/8.`);
    list.addSubnet(address, bits, version === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}
