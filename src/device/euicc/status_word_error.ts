// A command the card answers with nothing but a status word (ETSI TS 102 221 §10.2.1).

/** Status words of a strict card, by meaning. */
export const statusWords = {
  wrongData: 0x6a80,
  unknownCommand: 0x6a88,
  wrongState: 0x6985,
} as const;

export class StatusWordError extends Error {
  override readonly name = 'StatusWordError';
  readonly statusWord: number;

  constructor(meaning: keyof typeof statusWords, detail: string, cause?: unknown) {
    super(
      `${statusWords[meaning].toString(16).toUpperCase()}: ${detail}`,
      cause === undefined ? {} : { cause },
    );
    this.statusWord = statusWords[meaning];
  }
}
