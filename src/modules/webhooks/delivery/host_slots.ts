// How many requests each host may have at once: fewer where nobody answers, so that dead hosts take no place from others.

export type HostSlots = {
  /** Places of the hosts that have not all of `perHost` free. */
  freeOf(): Map<string, number>;
  isDead(host: string): boolean;
  take(host: string): void;
  /** Gives whether more may wait for the place that is free now. */
  giveBack(host: string): boolean;
  /** Notes what a claim took (a host for each) when so many places were free: where it took all, there may be more. */
  noteClaim(hosts: readonly string[], freeOf: ReadonlyMap<string, number>): void;
  /** A host that did not answer gets one request at a time; each answer doubles that again. */
  noteAnswer(host: string, answered: boolean): void;
};

export function createHostSlots(perHost: number): HostSlots {
  const busy = new Map<string, number>();
  const limits = new Map<string, number>();
  let full = new Set<string>();
  const limitOf = (host: string) => limits.get(host) ?? perHost;
  return {
    freeOf() {
      const hosts = new Set([...busy.keys(), ...limits.keys()]);
      return new Map([...hosts].map((host) => [host, Math.max(limitOf(host) - (busy.get(host) ?? 0), 0)]));
    },
    isDead: (host) => limitOf(host) === 1 && perHost > 1,
    take: (host) => void busy.set(host, (busy.get(host) ?? 0) + 1),
    giveBack(host) {
      const left = (busy.get(host) ?? 1) - 1;
      if (left > 0) busy.set(host, left);
      else busy.delete(host);
      return full.has(host);
    },
    noteClaim(hosts, freeOf) {
      const without = [...freeOf].filter(([, free]) => free === 0).map(([host]) => host);
      const filled = [...Map.groupBy(hosts, (host) => host)]
        .filter(([host, all]) => all.length >= (freeOf.get(host) ?? perHost))
        .map(([host]) => host);
      full = new Set([...without, ...filled]);
    },
    noteAnswer(host, answered) {
      const limit = answered ? limitOf(host) * 2 : 1;
      limits.delete(host);
      if (limit < perHost) limits.set(host, limit);
      // The longest forgotten one starts anew with all places.
      if (limits.size > deadHostsMax) limits.delete(limits.keys().next().value ?? host);
    },
  };
}

const deadHostsMax = 10_000;
