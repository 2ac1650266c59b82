// A line of a file into its values; quotes as in RFC 4180, but a value ends where its line ends.
import type { LineFormat } from './columns.ts';

/** The values of a line, trimmed; or what is wrong with its quotes. */
export function splitLine(line: string, delimiter: LineFormat['delimiter']): string[] | string {
  if (delimiter === ' ') return line.trim().split(/[ \t]+/);
  if (!line.includes('"')) return line.split(delimiter).map((value) => value.trim());
  return splitQuoted(line, delimiter);
}

/** What a line has most of, of what separates values. */
export function delimiterOf(line: string): LineFormat['delimiter'] {
  const count = (delimiter: string) => line.split(delimiter).length;
  return ([',', ';', '\t', '|'] as const).reduce((best, each) => (count(each) > count(best) ? each : best));
}

function splitQuoted(line: string, delimiter: string): string[] | string {
  const values: string[] = [];
  for (let at = 0; at <= line.length; ) {
    while (line[at] === ' ') at++;
    if (line[at] !== '"') {
      const end = endOf(line, delimiter, at);
      const value = line.slice(at, end).trim();
      if (value.includes('"')) return 'quote the whole value, or leave quotes out';
      values.push(value);
      at = end + 1;
      continue;
    }
    const close = closingQuote(line, at + 1);
    if (close < 0) return 'close the quote in the same line, or double it';
    const end = endOf(line, delimiter, close + 1);
    if (line.slice(close + 1, end).trim() !== '') return 'put a separator behind a closing quote';
    values.push(
      line
        .slice(at + 1, close)
        .replaceAll('""', '"')
        .trim(),
    );
    at = end + 1;
  }
  return values;
}

function endOf(line: string, delimiter: string, from: number): number {
  const end = line.indexOf(delimiter, from);
  return end < 0 ? line.length : end;
}

/** The quote that is not doubled. */
function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 2))
    if (line[at + 1] !== '"') return at;
  return -1;
}
