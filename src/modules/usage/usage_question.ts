// A question about usage, and the sums that answer it.

export type UsageGroup = 'sim' | 'fleet' | 'network' | 'country';
export type UsageGranularity = 'hour' | 'day' | 'all';

export type UsageQuestion = {
  accountId: string;
  from: Date;
  to: Date;
  /** Null sums over all that fits the filter. */
  group: UsageGroup | null;
  granularity: UsageGranularity;
  filter: UsageFilter;
  newestFirst?: boolean;
  /** Sums later than this one, or earlier, in the order of time and group. */
  after?: PlaceOfSum;
  before?: PlaceOfSum;
  limit?: number;
};

export type PlaceOfSum = Pick<UsageSum, 'startsAt' | 'key'>;

export type UsageFilter = {
  /** Id, ICCID or unique name. */
  sim?: string;
  /** Id or unique name. */
  fleet?: string;
  /** Id, or MCC and MNC as digits. */
  network?: string;
  country?: string;
};

export type UsageSum = {
  startsAt: Date;
  endsAt: Date;
  /** Of the group: a SIM's or fleet's id, MCC and MNC, or a country; '' when records did not say; null without group. */
  key: string | null;
  bytesUp: bigint;
  bytesDown: bigint;
  smsCount: bigint;
  voiceSeconds: bigint;
};
