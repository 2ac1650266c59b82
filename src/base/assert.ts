// Programmer errors: a failed assertion ends the request it happens in, with an `internal` error, and nothing else.

/** Throws an Error with `message` unless `condition` holds. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}

/** Returns `value`, or throws when it is null or undefined. */
export function present<T>(value: T | null | undefined, message: string): T {
  assert(value !== null && value !== undefined, message);
  return value;
}
