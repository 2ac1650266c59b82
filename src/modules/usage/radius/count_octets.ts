// Octet counters of a RADIUS session: they only grow, and wrap where they have 32 bits (RFC 2869 §5.1 and §5.2).
import { usageLimits } from '../usage_limits.ts';

/** The whole count of one direction. */
export type Count = {
  /** Where the session stood, all wraps added. */
  last: bigint;
  /** What the packet says; null when it says nothing. */
  reported: bigint | null;
  /** Whether the session ever sent gigawords: then what it reports is whole. */
  gigawords: boolean;
  /** Whether going back can be a wrap. */
  mayWrap: boolean;
};

/** The total after the packet; undefined when it cannot be believed: it went back, or further than any line can. */
export function countOctets(count: Count): bigint | undefined {
  const total = totalOf(count);
  return total >= count.last && total - count.last <= deltaMax ? total : undefined;
}

function totalOf({ last, reported, gigawords, mayWrap }: Count): bigint {
  if (reported === null) return last;
  if (gigawords) return reported;
  const total = (last / wrap) * wrap + reported;
  return total < last && mayWrap ? total + wrap : total;
}

const wrap = 2n ** 32n;

/** Both directions of one packet are one record. */
const deltaMax = usageLimits.recordBytesMax / 2n;
