// Where a request goes: what is called on a host of one door, or with a version that one door knows, goes to that door's prefix.
import type { IncomingHttpHeaders } from 'node:http';

/** What leads to one door. */
export type UrlRule = {
  /** Where the door is on every host: `/supersim`. */
  prefix: string;
  /** Hosts whose root it is too; lower case, without port. */
  hosts: readonly string[];
  /** Paths that stay what they are on these hosts, with all that is below them. */
  kept: readonly string[];
  /** The beginning of paths that go to the door on every host; the prefix takes its place. */
  version?: RegExp;
};

/**
 * The URL to be routed for a request. Its host is compared without port, in any case; `X-Forwarded-Host` is believed
 * with `trustProxy`. What names a door by prefix or version goes there whatever the host.
 */
export function rewriteUrl(
  { url = '/', headers }: { url?: string | undefined; headers: IncomingHttpHeaders },
  rules: readonly UrlRule[],
  trustProxy: boolean,
): string {
  for (const { prefix, version } of rules) {
    const versioned = version?.exec(url);
    if (versioned) return prefix + url.slice(versioned[0].length);
  }
  const host = hostOf(headers, trustProxy);
  const rule = rules.find(({ hosts }) => hosts.includes(host));
  if (!rule || isBelow(url, [rule.prefix, ...rule.kept])) return url;
  return rule.prefix + url;
}

function isBelow(url: string, paths: readonly string[]): boolean {
  const path = url.split('?', 1)[0] ?? '';
  return paths.some((each) => path === each || path.startsWith(`${each}/`));
}

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
