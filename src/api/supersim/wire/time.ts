// Times as the vendor writes them: UTC, seconds without a fraction.

/** `2020-09-01T20:00:00Z`. */
export function writeTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
