// Times as the vendor writes them: RFC 3339 in UTC.

export function writeTime(time: Date): string {
  return time.toISOString();
}
