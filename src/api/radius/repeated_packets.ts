// Copies of a packet, which a client sends until it hears an answer: the first is worked on, the others get its answer.

const keptMs = 30_000;

export type RepeatedPackets<Answer> = {
  /** What became of an earlier copy, or null when there was none. */
  find(key: string, nowMs: number): Answer | 'under way' | null;
  start(key: string, nowMs: number): void;
  /** Copies get this until 30 s after the first came. */
  answered(key: string, answer: Answer): void;
  /** The next copy will be the first again. */
  failed(key: string): void;
};

/** Keeps at most `countMax`; the oldest go first. */
export function createRepeatedPackets<Answer>(countMax: number): RepeatedPackets<Answer> {
  // In the order of arrival, so that what is too old is in front.
  const packets = new Map<string, { atMs: number; state: Answer | 'under way' }>();
  const forgetOld = (nowMs: number) => {
    for (const [key, { atMs }] of packets) {
      if (nowMs - atMs < keptMs && packets.size <= countMax) break;
      packets.delete(key);
    }
  };
  return {
    find(key, nowMs) {
      forgetOld(nowMs);
      return packets.get(key)?.state ?? null;
    },
    start(key, nowMs) {
      packets.set(key, { atMs: nowMs, state: 'under way' });
      forgetOld(nowMs);
    },
    answered(key, answer) {
      const packet = packets.get(key);
      if (packet) packet.state = answer;
    },
    failed: (key) => void packets.delete(key),
  };
}
