// What an import may hold, and how much of it is done at a time.

export const importLimits = {
  fileBytesMax: 256 * 1024 * 1024,
  linesMax: 2_000_000,
  /** A longer line is rejected; no more of it than this is ever held. */
  lineCharsMax: 16 * 1024,
  /** Lines before the first card. */
  headLinesMax: 500,
  headCharsMax: 64 * 1024,
  columnsMax: 200,
  /** One transaction reads so much of a file. */
  chunkLinesMax: 500,
  chunkCharsMax: 128 * 1024,
  /** Cards between two looks at the other work of this process. */
  cardsInARow: 100,
  /** Faults that are kept; all are counted. */
  faultsMax: 10_000,
  /** Of one account at a time, received or worked on. */
  openMax: 20,
  /** A file that stops coming for so long is forgotten. */
  receivingMsMax: 10 * 60_000,
  /** Rows that are given free or deleted at once. */
  rowsAtOnce: 10_000,
} as const;
