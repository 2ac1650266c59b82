// The limits of usage, with their units in their names.

export const usageLimits = {
  recordsPerBatchMax: 10_000,
  /** Of one transaction, so that lines are not locked for long. */
  recordsPerWriteMax: 1_000,
  recordIdCharsMax: 200,
  recordAgeDaysMax: 90,
  recordAheadMinutesMax: 60,
  /** Bytes of one record, both directions together. */
  recordBytesMax: 2n ** 48n,
  /** Messages or seconds of one record. */
  recordUnitsMax: 2n ** 31n - 1n,
  /** Records of a line that are rated again for one that is late. */
  ratedAgainPerLineMax: 10_000,
  ratedAgainAtOnceMax: 50_000,
  /** Sums per hour: 18 months and a little. */
  hoursKeptDays: 550,
  askedAgoMonthsMax: 18,
  hoursBySimDaysMax: 31,
  csvBytesMax: 16 * 1024 * 1024,
  csvRowsMax: 100_000,
  csvFaultsNamedMax: 100,
  /** A RADIUS session that was silent this long has ended. */
  sessionSilentHoursMax: 24,
} as const;

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
