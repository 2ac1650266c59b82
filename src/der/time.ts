// UTCTime and GeneralizedTime as X.509 writes them (RFC 5280 §4.1.2.5): to the second, in UTC, years 0100 to 9999.
import { malformed, type Tlv } from './tlv.ts';
import { tlv } from './write_tlv.ts';

const utcTime = 0x17;
const generalizedTime = 0x18;
const lastSecond = Date.UTC(9999, 11, 31, 23, 59, 59);

/** The moment; two-digit years mean 1950 to 2049. Throws `malformed_der`, also for the 30th of February. */
export function readTime({ tag, value }: Pick<Tlv, 'tag' | 'value'>): Date {
  const yearDigits = tag === utcTime ? 2 : 4;
  if (
    (tag !== utcTime && tag !== generalizedTime) ||
    value.length !== yearDigits + 11 ||
    value.at(-1) !== 0x5a
  )
    throw malformed('a time of a wrong form');
  const shortYear = digitsAt(value, 0, yearDigits);
  const year = tag === generalizedTime ? shortYear : shortYear + (shortYear < 50 ? 2000 : 1900);
  const [month, day, hour, minute, second] = [0, 2, 4, 6, 8].map((at) => digitsAt(value, yearDigits + at, 2));
  return momentOf(year, month, day, hour, minute, second);
}

/**
 * UTCTime from 1950 to 2049, else GeneralizedTime; parts of a second are dropped. What lies beyond the year 9999 becomes
 * its last second, which stands for "never" (RFC 5280 §4.1.2.5).
 */
export function time(moment: Date): Uint8Array {
  const digits = new Date(Math.min(moment.getTime(), lastSecond)).toISOString().replace(/\.\d+Z$|\D/g, '');
  const short = digits >= '1950' && digits < '2050';
  return tlv(short ? utcTime : generalizedTime, Buffer.from(`${short ? digits.slice(2) : digits}Z`));
}

/** Date.UTC wraps the 30th of February and the year 12 around; what comes back different did not exist. */
function momentOf(year: number, month = 0, day = 0, hour = 0, minute = 0, second = 0): Date {
  const moment = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const same = moment.getUTCFullYear() === year && moment.getUTCMonth() === month - 1;
  if (!same || moment.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59)
    throw malformed('a time that does not exist');
  return moment;
}

function digitsAt(value: Uint8Array, at: number, count: number): number {
  let number = 0;
  for (let i = at; i < at + count; i++) {
    const digit = (value[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) throw malformed('a time of a wrong form');
    number = number * 10 + digit;
  }
  return number;
}
