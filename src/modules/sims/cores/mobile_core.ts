// A mobile core as the platform sees it: a place that knows subscribers, told whenever a line changes.

/** What the core has to know of a line. */
export type Subscriber = {
  imsi: string;
  /** International digits without `+`. */
  msisdn: string | null;
  /** Milenage keys, 16 bytes each. Never log them. */
  ki: Uint8Array;
  opc: Uint8Array;
  /** May it attach and use data. */
  enabled: boolean;
  apn: string;
  /** Slowed down to this; null for full speed. */
  speedKbps: number | null;
};

export type MobileCore = {
  name: MobileCoreName;
  /**
   * Makes the subscriber be as given, whatever it was before; repeating it changes nothing. Gives what this core cannot
   * honour, in words, or null. Throws `unavailable` when the core cannot be reached or does not answer in time, and
   * `conflict` when it refuses.
   */
  putSubscriber(subscriber: Subscriber): Promise<string | null>;
  /** Removes the subscriber; one that is not there is fine. Throws as `putSubscriber`. */
  removeSubscriber(imsi: string): Promise<void>;
  close(): Promise<void>;
};

export type MobileCoreName = 'simulated' | 'osmo_hlr' | 'open5gs';
