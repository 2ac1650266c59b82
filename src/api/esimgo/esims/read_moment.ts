// Times in queries and bodies: a day, or a moment of RFC 3339; both are a stretch of time, so that a day can be compared too.

/** From `from` until just before `to`: a day in UTC, or a millisecond. Undefined for what is neither. */
export function readMoment(text: string): { from: Date; to: Date } | undefined {
  const lengthMs = day.test(text) ? 86_400_000 : time.test(text) ? 1 : undefined;
  if (lengthMs === undefined) return undefined;
  const from = new Date(hasZone.test(text) || lengthMs > 1 ? text : `${text}Z`);
  if (Number.isNaN(from.getTime()) || !isOnCalendar(text)) return undefined;
  return { from, to: new Date(from.getTime() + lengthMs) };
}

const day = /^\d{4}-\d\d-\d\d$/;
const time = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?$/i;
const hasZone = /(Z|[+-]\d\d:\d\d)$/i;

/** `Date` reads the 31st of February as the 3rd of March. */
function isOnCalendar(text: string): boolean {
  const date = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 10));
}
