// A PKCS #11 module as functions that run on threads of their own; every code but CKR_OK is thrown as `Pkcs11Error`.
import type Koffi from 'koffi';
import type { KoffiFunc, LibraryHandle } from 'koffi';
import { attributes, osLockingOk, returnCodes, serialSession, userType } from './pkcs11_codes.ts';

export class Pkcs11Error extends Error {
  override readonly name = 'Pkcs11Error';
  /** `CKR_PIN_INCORRECT`; in hex where it has no name here. */
  readonly code: string;

  constructor(functionName: string, code: number) {
    const name = returnCodes[code] ?? `0x${code.toString(16)}`;
    super(`${functionName}: ${name}`);
    this.code = name;
  }
}

export type Handle = number | bigint;
type AttributeName = keyof typeof attributes;

export class Pkcs11Library {
  readonly #functions: ReadonlyMap<FunctionName, NativeFunction>;

  /** Buffers that structures point to must not be collected while a call has them. */
  readonly #inUse = new Set<unknown[]>();

  private constructor(functions: ReadonlyMap<FunctionName, NativeFunction>) {
    this.#functions = functions;
  }

  /** Loads and initialises the module. Throws when it is not there or is no PKCS #11 module. */
  static async open(koffi: typeof Koffi, path: string): Promise<Pkcs11Library> {
    const library = new Pkcs11Library(functionsOf(koffi, path));
    // The module locks by itself, because calls come from several threads.
    const options = { functions: [null, null, null, null], flags: osLockingOk, pReserved: null };
    await ignoring('CKR_CRYPTOKI_ALREADY_INITIALIZED', library.#call('C_Initialize', options));
    return library;
  }

  /** The slots with a token, each with the token's label. */
  async listTokens(): Promise<{ slot: Handle; label: string }[]> {
    const slots = Buffer.alloc(slotsMax * wordBytes);
    const count = [slotsMax];
    await this.#call('C_GetSlotList', 1, slots, count);
    const tokens: { slot: Handle; label: string }[] = [];
    for (const slot of wordsOf(slots, count)) {
      const info = Buffer.alloc(tokenInfoBytes);
      await this.#call('C_GetTokenInfo', slot, info);
      tokens.push({ slot, label: info.toString('utf8', 0, labelBytes).trimEnd() });
    }
    return tokens;
  }

  async openSession(slot: Handle): Promise<Handle> {
    const session = [0];
    await this.#call('C_OpenSession', slot, serialSession, null, null, session);
    return session[0] ?? 0;
  }

  closeSession(session: Handle): Promise<void> {
    return this.#call('C_CloseSession', session);
  }

  /** Once for all sessions that this process has on the token. */
  login(session: Handle, pin: string): Promise<void> {
    const bytes = Buffer.from(pin, 'utf8');
    return ignoring(
      'CKR_USER_ALREADY_LOGGED_IN',
      this.#call('C_Login', session, userType, bytes, bytes.length),
    );
  }

  /** The objects whose attributes are these numbers, at most 1,000. */
  async findObjects(session: Handle, wanted: Partial<Record<AttributeName, number>>): Promise<Handle[]> {
    const template = (Object.entries(wanted) as [AttributeName, number][]).map(([name, value]) => ({
      type: attributes[name],
      pValue: wordOf(value),
      ulValueLen: wordBytes,
    }));
    await this.#call('C_FindObjectsInit', session, template, template.length);
    try {
      const found = Buffer.alloc(objectsMax * wordBytes);
      const count = [0];
      await this.#call('C_FindObjects', session, found, objectsMax, count);
      return wordsOf(found, count);
    } finally {
      await this.#call('C_FindObjectsFinal', session);
    }
  }

  /** Throws `Pkcs11Error` when the object has no such attribute, or does not give it away. */
  async getAttribute(session: Handle, object: Handle, name: AttributeName): Promise<Uint8Array> {
    const value = Buffer.alloc(attributeBytesMax);
    const asked = [{ type: attributes[name], pValue: value, ulValueLen: value.length }];
    await this.#call('C_GetAttributeValue', session, object, asked, 1);
    return Uint8Array.from(value.subarray(0, Number(asked[0]?.ulValueLen)));
  }

  async sign(session: Handle, key: Handle, mechanism: number, data: Uint8Array): Promise<Uint8Array> {
    await this.#call('C_SignInit', session, { mechanism, pParameter: null, ulParameterLen: 0 }, key);
    const signature = Buffer.alloc(signatureBytesMax);
    const length = [signature.length];
    await this.#call('C_Sign', session, data, data.length, signature, length);
    return Uint8Array.from(signature.subarray(0, length[0]));
  }

  #call(name: FunctionName, ...values: unknown[]): Promise<void> {
    this.#inUse.add(values);
    const done = new Promise<void>((resolve, reject) => {
      this.#functions.get(name)?.async(...values, (error, code) => {
        if (error) reject(error);
        else if (code !== 0) reject(new Pkcs11Error(name, code));
        else resolve();
      });
    });
    return done.finally(() => this.#inUse.delete(values));
  }
}

/** Where each function stands in CK_FUNCTION_LIST. */
const positions = {
  C_Initialize: 0,
  C_GetSlotList: 4,
  C_GetTokenInfo: 6,
  C_OpenSession: 12,
  C_CloseSession: 13,
  C_Login: 18,
  C_GetAttributeValue: 24,
  C_FindObjectsInit: 26,
  C_FindObjects: 27,
  C_FindObjectsFinal: 28,
  C_SignInit: 42,
  C_Sign: 43,
} as const;

type FunctionName = keyof typeof positions;
type TypeSpec = Parameters<typeof Koffi.sizeof>[0];
type NativeFunction = KoffiFunc<(...values: unknown[]) => number>;

const wordBytes = 8;
const slotsMax = 256;
const objectsMax = 1000;
const attributeBytesMax = 4096;
const signatureBytesMax = 256;
const tokenInfoBytes = 512;
const labelBytes = 32;

/** For good: a module that nobody names any more is unloaded, and its functions go with it. */
const loaded = new Map<string, LibraryHandle>();

/** By their place in the list: only C_GetFunctionList is certain to be exported under its name. */
function functionsOf(koffi: typeof Koffi, path: string): Map<FunctionName, NativeFunction> {
  const parameters = parametersOf(koffi);
  const list: unknown[] = [null];
  const module = loaded.get(path) ?? koffi.load(path);
  loaded.set(path, module);
  const code: number = module.func('ulong C_GetFunctionList(_Out_ void **list)')(list);
  if (code !== 0) throw new Pkcs11Error('C_GetFunctionList', code);
  return new Map(
    (Object.keys(positions) as FunctionName[]).map((name) => {
      // CK_VERSION stands in front, filled up to a word.
      const pointer = koffi.decode(list[0], wordBytes * (1 + positions[name]), 'void *');
      return [name, koffi.decode(pointer, koffi.proto('ulong', parameters[name]))];
    }),
  );
}

function parametersOf(koffi: typeof Koffi): Record<FunctionName, TypeSpec[]> {
  const mechanism = koffi.struct({ mechanism: 'ulong', pParameter: 'void *', ulParameterLen: 'ulong' });
  const attribute = koffi.struct({ type: 'ulong', pValue: 'void *', ulValueLen: 'ulong' });
  const options = koffi.struct({
    functions: koffi.array('void *', 4),
    flags: 'ulong',
    pReserved: 'void *',
  });
  const inOut = (type: TypeSpec) => koffi.inout(koffi.pointer(type));
  const out = (type: TypeSpec) => koffi.out(koffi.pointer(type));
  return {
    C_Initialize: [koffi.pointer(options)],
    C_GetSlotList: ['uint8', 'void *', inOut('ulong')],
    C_GetTokenInfo: ['ulong', 'void *'],
    C_OpenSession: ['ulong', 'ulong', 'void *', 'void *', out('ulong')],
    C_CloseSession: ['ulong'],
    C_Login: ['ulong', 'ulong', 'void *', 'ulong'],
    C_GetAttributeValue: ['ulong', 'ulong', inOut(attribute), 'ulong'],
    C_FindObjectsInit: ['ulong', koffi.pointer(attribute), 'ulong'],
    C_FindObjects: ['ulong', 'void *', 'ulong', out('ulong')],
    C_FindObjectsFinal: ['ulong'],
    C_SignInit: ['ulong', koffi.pointer(mechanism), 'ulong'],
    C_Sign: ['ulong', 'void *', 'ulong', 'void *', inOut('ulong')],
  };
}

async function ignoring(code: string, call: Promise<void>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Pkcs11Error) || error.code !== code) throw error;
  }
}

function wordsOf(bytes: Buffer, [count = 0]: readonly number[]): bigint[] {
  return Array.from({ length: count }, (_, index) => bytes.readBigUInt64LE(index * wordBytes));
}

function wordOf(value: number): Buffer {
  const bytes = Buffer.alloc(wordBytes);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
