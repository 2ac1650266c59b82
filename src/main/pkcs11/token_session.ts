// A session with one token: logged in, with its EC keys known by their public points; one that is lost is opened again.
import { toHex } from '../../base/bytes.ts';
import { classes, ecdsaMechanism, ecKeyType, lostSessionCodes, wrongPinCodes } from './pkcs11_codes.ts';
import { type Handle, Pkcs11Error, type Pkcs11Library } from './pkcs11_library.ts';

export type TokenPlace = { label: string; pin: string };

export class TokenSession {
  readonly #library: Pkcs11Library;
  readonly #place: TokenPlace;
  #open: OpenedSession | undefined;
  /** What makes another login dangerous: tokens lock themselves after a few wrong PINs. */
  #refusal: unknown;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(library: Pkcs11Library, place: TokenPlace) {
    this.#library = library;
    this.#place = place;
  }

  /** The public points (65 bytes) of the EC keys that it can sign with. Throws as `sign`. */
  listPoints(): Promise<Uint8Array[]> {
    return this.#inTurn(async ({ session }) => {
      const keys = await findKeys(this.#library, session);
      this.#open = { session, keys };
      return [...keys.keys()].map((point) => Buffer.from(point, 'hex'));
    });
  }

  /** r||s over a SHA-256 `digest` by the key with this point. Throws `Pkcs11Error`, and an Error when there is no such key. */
  sign(publicPoint: Uint8Array, digest: Uint8Array): Promise<Uint8Array> {
    const point = toHex(publicPoint);
    return this.#inTurn(({ session, keys }) => {
      const key = keys.get(point);
      if (key === undefined) throw new Error(`the token has no key with the public point ${point}`);
      return this.#library.sign(session, key, ecdsaMechanism, digest);
    });
  }

  async close(): Promise<void> {
    await this.#turn;
    const opened = this.#open;
    this.#open = undefined;
    if (opened) await this.#library.closeSession(opened.session).catch(() => {});
  }

  /** One after the other, because a session does one thing at a time; tried once more in a new session. */
  #inTurn<T>(run: (opened: OpenedSession) => Promise<T>): Promise<T> {
    const turn = this.#turn.then(async () => {
      try {
        return await run(await this.#opened());
      } catch (error) {
        if (!isLost(error)) throw error;
        await this.#forget();
        return await run(await this.#opened());
      }
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #opened(): Promise<OpenedSession> {
    if (this.#refusal) throw this.#refusal;
    this.#open ??= await this.#openAnew();
    return this.#open;
  }

  async #openAnew(): Promise<OpenedSession> {
    const { label, pin } = this.#place;
    const tokens = await this.#library.listTokens();
    const token = tokens.find((each) => each.label === label);
    if (!token)
      throw new Error(
        `there is no token with the label ${label}; there are: ${tokens.map((each) => each.label).join(', ')}`,
      );
    const session = await this.#library.openSession(token.slot);
    try {
      await this.#library.login(session, pin);
      return { session, keys: await findKeys(this.#library, session) };
    } catch (error) {
      if (error instanceof Pkcs11Error && wrongPinCodes.includes(error.code)) this.#refusal = error;
      await this.#library.closeSession(session).catch(() => {});
      throw error;
    }
  }

  async #forget(): Promise<void> {
    const opened = this.#open;
    this.#open = undefined;
    if (opened) await this.#library.closeSession(opened.session).catch(() => {});
  }
}

/** `keys` by public point in hex. */
type OpenedSession = { session: Handle; keys: ReadonlyMap<string, Handle> };

function isLost(error: unknown): boolean {
  return error instanceof Pkcs11Error && lostSessionCodes.includes(error.code);
}

/** A private key does not tell its point; the public key with the same CKA_ID does. */
async function findKeys(library: Pkcs11Library, session: Handle): Promise<Map<string, Handle>> {
  const idsToPoints = new Map<string, string>();
  for (const object of await library.findObjects(session, { class: classes.publicKey, keyType: ecKeyType })) {
    const id = toHex(await library.getAttribute(session, object, 'id'));
    idsToPoints.set(id, toHex(rawPoint(await library.getAttribute(session, object, 'ecPoint'))));
  }
  const keys = new Map<string, Handle>();
  for (const object of await library.findObjects(session, {
    class: classes.privateKey,
    keyType: ecKeyType,
  })) {
    const point = idsToPoints.get(toHex(await library.getAttribute(session, object, 'id')));
    if (point !== undefined) keys.set(point, object);
  }
  return keys;
}

/** Of an uncompressed point on a curve of 256 bits. */
const pointBytes = 65;

/** CKA_EC_POINT is an OCTET STRING around the point; some modules give the point alone. */
function rawPoint(value: Uint8Array): Uint8Array {
  return value.length === pointBytes + 2 && value[0] === 0x04 && value[1] === pointBytes
    ? value.subarray(2)
    : value;
}
