// A RADIUS session follows its packets: what it used since the last one, decided without looking at anything else.
import { countOctets } from './count_octets.ts';

export type RadiusSession = {
  simId: string;
  startedAt: Date;
  /** Of the last packet that counted. */
  lastAt: Date;
  /** Totals since the start, all wraps added. */
  input: bigint;
  output: bigint;
  gigawordsSeen: boolean;
  /** Records made of it so far, over all sessions of this id. */
  counted: number;
  endedAt: Date | null;
};

export type SessionPacket = {
  status: 'start' | 'interim' | 'stop';
  at: Date;
  inputOctets: bigint | null;
  outputOctets: bigint | null;
  gigawordsPresent: boolean;
};

export type Followed = {
  session: RadiusSession;
  up: bigint;
  down: bigint;
  /** A counter went back for no reason, or too far ahead: nothing was counted for it. */
  unbelieved: boolean;
};

/**
 * The session after a packet about the SIM `simId`; undefined when the packet tells nothing new. A packet older than
 * the last one counts nothing. A Start after a Stop begins anew. When a counter is lower although a Start came since,
 * or after a Stop, the id is in use again: it is counted from zero, not as a wrap.
 */
export function followSession(
  stored: RadiusSession | undefined,
  simId: string,
  packet: SessionPacket,
): Followed | undefined {
  if (!stored) return countPacket(freshSession(simId, packet, 0), packet);
  if (packet.at < stored.lastAt) return undefined;
  if (stored.simId !== simId) return countPacket(freshSession(simId, packet, stored.counted), packet);
  return packet.status === 'start' ? startAgain(stored, packet) : goOn(stored, packet);
}

function freshSession(simId: string, { at }: SessionPacket, counted: number): RadiusSession {
  const nothing = { input: 0n, output: 0n, gigawordsSeen: false };
  return { simId, startedAt: at, lastAt: at, ...nothing, counted, endedAt: null };
}

/** One that is open keeps its totals: the Start may be an old one that the NAS repeats under a new time. */
function startAgain(stored: RadiusSession, packet: SessionPacket): Followed | undefined {
  const { at } = packet;
  if (at.getTime() === stored.lastAt.getTime()) return undefined;
  if (stored.endedAt !== null) return countPacket(freshSession(stored.simId, packet, stored.counted), packet);
  return { session: { ...stored, startedAt: at, lastAt: at }, up: 0n, down: 0n, unbelieved: false };
}

function goOn(stored: RadiusSession, packet: SessionPacket): Followed | undefined {
  const isLater = packet.at > stored.lastAt;
  const startedSince = stored.startedAt.getTime() === stored.lastAt.getTime();
  const mayBeAnother = isLater && (stored.endedAt !== null || startedSince);
  const followed = countPacket(stored, packet, isLater && !mayBeAnother);
  if (mayBeAnother && followed.unbelieved)
    return countPacket(freshSession(stored.simId, packet, stored.counted), packet);
  // Two of the same second that changed places on the way: the later one was counted.
  if (!isLater && (followed.unbelieved || isUnmoved(stored, followed))) return undefined;
  return followed;
}

function isUnmoved({ endedAt }: RadiusSession, { session, up, down }: Followed): boolean {
  return up === 0n && down === 0n && (endedAt === null) === (session.endedAt === null);
}

function countPacket(stored: RadiusSession, packet: SessionPacket, mayWrap = false): Followed {
  const gigawordsSeen = stored.gigawordsSeen || packet.gigawordsPresent;
  const count = (last: bigint, reported: bigint | null) =>
    countOctets({ last, reported, gigawords: gigawordsSeen, mayWrap });
  const [input, output] = [
    count(stored.input, packet.inputOctets),
    count(stored.output, packet.outputOctets),
  ];
  const session = {
    ...stored,
    lastAt: packet.at,
    input: input ?? stored.input,
    output: output ?? stored.output,
    gigawordsSeen,
    endedAt: packet.status === 'stop' ? packet.at : null,
  };
  return {
    session,
    up: session.input - stored.input,
    down: session.output - stored.output,
    unbelieved: input === undefined || output === undefined,
  };
}
