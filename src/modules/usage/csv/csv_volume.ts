// Volumes as usage files write them: decimal numbers of bytes or of larger units, exact to the byte.

export const csvUnits = {
  B: 1n,
  KB: 10n ** 3n,
  MB: 10n ** 6n,
  GB: 10n ** 9n,
  KiB: 1024n,
  MiB: 1024n ** 2n,
  GiB: 1024n ** 3n,
};

export type CsvUnit = keyof typeof csvUnits;

/** The bytes that `text` says in `unit`, a part of a byte rounded up; `''` is 0. Undefined when it is no such number. */
export function readCsvVolume(text: string, unit: CsvUnit): bigint | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return 0n;
  const { whole, part = '' } = /^(?<whole>\d{1,18})(?:\.(?<part>\d{1,12}))?$/.exec(trimmed)?.groups ?? {};
  if (whole === undefined) return undefined;
  const scale = 10n ** BigInt(part.length);
  const scaled = BigInt(whole + part) * csvUnits[unit];
  return (scaled + scale - 1n) / scale;
}
