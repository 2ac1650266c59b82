// Every limit that more than one room must agree on, with its unit in its name.

export const limits = {
  quantityPerOrderMax: 10_000,
  linesPerOrderMax: 100,
  pageSizeDefault: 50,
  pageSizeMax: 200,
  /** Of any list of a module: the largest page of a facade, and one more to know whether there are more. */
  listRowsMax: 1_001,
  apiBodyBytesMax: 1024 * 1024,
  es9BodyBytesMax: 256 * 1024,
  profilePackageBytesMax: 512 * 1024,
  idempotencyKeyCharsMax: 255,
  confirmationCodeAttemptsMax: 5,
  downloadAttemptsMax: 10,
} as const;
