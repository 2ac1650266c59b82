// A map that keeps the values last asked for, and never more than so many.

export class HeldLast<T> {
  readonly #countMax: number;
  readonly #values = new Map<string, T>();

  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  /** The value under this key, made when it is not held. */
  get(key: string, make: () => T): T {
    const value = this.#values.get(key) ?? make();
    // Behind all others: what is in front was not asked for for the longest time.
    this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > this.#countMax && oldest !== undefined) this.#values.delete(oldest);
    return value;
  }
}
