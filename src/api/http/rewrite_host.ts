// Hosts that belong to one door: what is called there goes to that door's prefix, unless it names it already.
import type { IncomingHttpHeaders } from 'node:http';

export type HostPrefix = {
  /** Lower case, without port. */
  hosts: readonly string[];
  /** Where the door is on every other host: `/supersim`. */
  prefix: string;
  /** Paths that stay what they are on every host. */
  kept: readonly string[];
  /** True when `X-Forwarded-Host` may be believed. */
  trustProxy: boolean;
};

/** The URL to be routed for a request; its host is compared without port, in any case. */
export function rewriteHost(request: RawRequest, { hosts, prefix, kept, trustProxy }: HostPrefix): string {
  const url = request.url ?? '/';
  const path = url.split('?', 1)[0] ?? '';
  if (!hosts.includes(hostOf(request.headers, trustProxy))) return url;
  if (path === prefix || path.startsWith(`${prefix}/`) || kept.includes(path)) return url;
  return prefix + url;
}

type RawRequest = { url?: string | undefined; headers: IncomingHttpHeaders };

/** As fastify's `request.hostname`: the last host that a proxy wrote is the one that our own proxy wrote. */
function hostOf(headers: IncomingHttpHeaders, trustProxy: boolean): string {
  const forwarded = trustProxy ? headers['x-forwarded-host'] : undefined;
  const host = String(forwarded ?? headers.host ?? '');
  return host
    .slice(host.lastIndexOf(',') + 1)
    .trim()
    .replace(/:\d*$/, '')
    .toLowerCase();
}
