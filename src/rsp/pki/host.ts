// The host in an SM-DP+ address, and the names of a TLS certificate it is compared with.
import { isIP } from 'node:net';
import { AppError } from '../../base/app_error.ts';
import { sameBytes } from '../../base/bytes.ts';

/** `smdp.example.com:8443` → `smdp.example.com`; brackets of an IPv6 address go too. Lower case. */
export function hostOf(address: string): string {
  const bracketed = /^\[([^\]]+)\](:\d+)?$/.exec(address);
  return (bracketed?.[1] ?? address.replace(/^([^:]*):\d+$/, '$1')).toLowerCase();
}

/** 4 or 16 bytes. Throws `invalid_request` when `text` is no IP address. */
export function ipBytes(text: string): Uint8Array {
  if (isIP(text) === 4) return Uint8Array.from(text.split('.').map(Number));
  if (isIP(text) !== 6) throw new AppError('invalid_request', 'not an IP address');
  const groups = new URL(`http://[${text}]`).hostname.slice(1, -1).split('::').map(groupsOf);
  const [head = [], tail = []] = groups;
  const all = [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

/** True when a TLS certificate with these names is for `host`; no wildcards, SGP.22 has none. */
export function coversHost(
  { dnsNames, ipAddresses }: { dnsNames: readonly string[]; ipAddresses: readonly Uint8Array[] },
  host: string,
): boolean {
  if (isIP(host) !== 0) {
    const bytes = ipBytes(host);
    return ipAddresses.some((address) => sameBytes(address, bytes));
  }
  return dnsNames.some((name) => name.toLowerCase() === host);
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}
