// A matching id, or event id, that nobody can guess: 100 random bits in characters that every LPA takes (SGP.22 §4.1).
import { randomBytes } from 'node:crypto';

/** `XXXXX-XXXXX-XXXXX-XXXXX`, without characters that look alike. */
export function newMatchingId(): string {
  const text = Array.from(randomBytes(20), (byte) => alphabet[byte & 31]).join('');
  return text.replace(/(.{5})(?=.)/g, '$1-');
}

const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
