// Times as usage files write them; what has no zone of its own is in that of the file.

/**
 * The moment that `text` names: ISO 8601 (also with a space), `DD-MM-YYYY hh:mm:ss` (also with dots, and `;` between),
 * or `YYYYMMDDhhmmss`, each with or without `Z` or an offset; without one it is `zone` ahead of UTC. Undefined for any
 * other text, and for dates that no calendar has.
 */
export function readCsvTime(text: string, zone: string): Date | undefined {
  for (const form of forms) {
    const { year, month, day, hour, minute, second, fraction, offset } = form.exec(text.trim())?.groups ?? {};
    if (year === undefined) continue;
    const clock = `${year}-${month}-${day}T${hour}:${minute}:${second ?? '00'}`;
    const at = new Date(`${clock}${fraction?.slice(0, 4) ?? ''}${isoOffset(offset || zone)}`);
    return isReal(clock) && !Number.isNaN(at.getTime()) ? at : undefined;
  }
  return undefined;
}

export function isZone(text: string): boolean {
  return /^(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/.test(text);
}

const clock = String.raw`(?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?<fraction>\.\d{1,9})?)?`;
const offset = String.raw` ?(?<offset>Z|[+-]\d\d:?\d\d|)`;
const forms = [
  new RegExp(`^(?<year>\\d{4})-(?<month>\\d\\d)-(?<day>\\d\\d)[T ]${clock}${offset}$`, 'i'),
  new RegExp(`^(?<day>\\d\\d)[-.](?<month>\\d\\d)[-.](?<year>\\d{4})[T ;]${clock}${offset}$`, 'i'),
  new RegExp(
    `^(?<year>\\d{4})(?<month>\\d\\d)(?<day>\\d\\d)(?<hour>\\d\\d)(?<minute>\\d\\d)(?<second>\\d\\d)${offset}$`,
    'i',
  ),
];

/** `+0200` → `+02:00`. */
function isoOffset(text: string): string {
  return text.toUpperCase().replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
}

/** JavaScript makes 2 March of 30 February. */
function isReal(clock: string): boolean {
  const at = new Date(`${clock}Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(clock);
}
