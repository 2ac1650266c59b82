// What every attacker is given, and what he is to the one who counts.
import type { CheckedAnswer, FuzzAnswer } from './check_answer.ts';
import type { FuzzClient } from './fuzz_client.ts';
import type { FuzzRequest } from './fuzz_request.ts';
import type { ProfilePool } from './profile_pool.ts';
import type { Random } from './seeded_random.ts';

/** Sends some messages; called again and again. */
export type Story = () => Promise<void>;

export type StoryWorld = {
  random: Random;
  pool: ProfilePool;
  /** False when enough has been sent. */
  mayGoOn(): boolean;
  /** Sends, checks, counts; gives undefined when there was no answer. */
  send(sending: Sending, check: (answer: FuzzAnswer) => CheckedAnswer): Promise<CheckedAnswer | undefined>;
  onClose(close: () => void): void;
};

export type Sending = {
  client: FuzzClient;
  /** Where the same is tried with damaged HTTP. */
  port: number;
  request: FuzzRequest;
  /** The profile that must not change without proof. */
  iccid: string | undefined;
};
