// A cursor over the components of a constructed element: takes them in order, refuses what does not fit.
import { type Encoding, malformed, readTlvAt, type Tlv, tagName } from './tlv.ts';

/** A cursor over the elements inside `source` (a Tlv: its value; bytes: themselves). Reads no further than asked. */
export function fields(source: Tlv | Uint8Array, encoding: Encoding = 'der'): Fields {
  return new Fields(source instanceof Uint8Array ? source : source.value, encoding);
}

export class Fields {
  readonly #bytes: Uint8Array;
  readonly #encoding: Encoding;
  #at = 0;
  #ahead: Tlv | undefined;

  constructor(bytes: Uint8Array, encoding: Encoding) {
    this.#bytes = bytes;
    this.#encoding = encoding;
  }

  /** The tag of the next element, or undefined at the end. Throws `malformed_der`. */
  peekTag(): number | undefined {
    return this.#peek()?.tag;
  }

  /** The next element, which must have this tag. Throws `malformed_der`. */
  take(tag: number): Tlv {
    const tlv = this.#peek();
    if (tlv?.tag !== tag)
      throw malformed(`expected element ${tagName(tag)}, found ${tlv ? tagName(tlv.tag) : 'the end'}`);
    return this.#advance(tlv);
  }

  /** The next element if it has this tag, else undefined and nothing is taken. Throws `malformed_der`. */
  optional(tag: number): Tlv | undefined {
    const tlv = this.#peek();
    return tlv?.tag === tag ? this.#advance(tlv) : undefined;
  }

  /** The next element, whatever its tag. Throws `malformed_der`. */
  next(): Tlv {
    const tlv = this.#peek();
    if (!tlv) throw malformed('expected another element, found the end');
    return this.#advance(tlv);
  }

  /** All elements not yet taken. Throws `malformed_der`. */
  rest(): Tlv[] {
    const tlvs: Tlv[] = [];
    for (let tlv = this.#peek(); tlv; tlv = this.#peek()) tlvs.push(this.#advance(tlv));
    return tlvs;
  }

  /** Throws `malformed_der` when an element is left. */
  end(): void {
    if (this.#at < this.#bytes.length) throw malformed(`${this.#bytes.length - this.#at} bytes left over`);
  }

  #peek(): Tlv | undefined {
    if (!this.#ahead && this.#at < this.#bytes.length)
      this.#ahead = readTlvAt(this.#bytes, this.#at, this.#encoding);
    return this.#ahead;
  }

  #advance(tlv: Tlv): Tlv {
    this.#at += tlv.raw.length;
    this.#ahead = undefined;
    return tlv;
  }
}
