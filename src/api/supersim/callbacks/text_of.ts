// A member of an event's data as a parameter: text, or nothing.

/** Text and numbers as they are, anything else as the empty text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
