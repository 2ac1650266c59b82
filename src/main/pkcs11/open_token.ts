// The token that the settings name, as signers: certificates find their keys on it by their public points.
import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AppError } from '../../base/app_error.ts';
import type { Log } from '../../base/log.ts';
import type { TokenKey } from '../../rsp/pki/read_pki.ts';
import type { Config } from '../config.ts';
import { Pkcs11Library } from './pkcs11_library.ts';
import { TokenSession } from './token_session.ts';

export type Token = {
  /** The keys that it has now. Throws `unavailable`. */
  listKeys(): Promise<TokenKey[]>;
  close(): Promise<void>;
};

/** Undefined when the settings name none; only then is nothing native loaded. Throws `unavailable`, saying what to do. */
export async function openToken({ pkcs11 }: Pick<Config, 'pkcs11'>, log: Log): Promise<Token | undefined> {
  if (!pkcs11) return undefined;
  const pin = pkcs11.pin ?? (await readPin(pkcs11.pinFile));
  const library = await loadLibrary(pkcs11.module);
  const session = new TokenSession(library, { label: pkcs11.token, pin });
  return {
    async listKeys() {
      const points = await session.listPoints().catch((cause: Error) => {
        throw new AppError(
          'unavailable',
          `The PKCS#11 token ${pkcs11.token} cannot be used (${cause.message}). Check OVERAIR_PKCS11_TOKEN and OVERAIR_PKCS11_PIN.`,
          { cause },
        );
      });
      return points.map((publicPoint) => ({ publicPoint, signer: tokenSigner(session, publicPoint, log) }));
    },
    close: () => session.close(),
  };
}

/** A slow token makes its callers wait, and nobody else; more than this at once are turned away. */
const waitingMax = 1000;
const signMsMax = 10_000;

function tokenSigner(session: TokenSession, publicPoint: Uint8Array, log: Log): TokenKey['signer'] {
  let waiting = 0;
  return {
    async sign(data) {
      if (waiting >= waitingMax)
        throw new AppError('unavailable', 'The token that signs has too much to do.');
      waiting++;
      const signing = session.sign(publicPoint, hash('sha256', data, 'buffer'));
      // Counted until the token is done with it, even if its caller has given up by then.
      signing.catch(() => {}).finally(() => waiting--);
      try {
        return await inTime(signing);
      } catch (cause) {
        log.error({ reason: (cause as Error).message }, 'the PKCS#11 token did not sign');
        throw new AppError('unavailable', 'The key of this server cannot be reached now.', { cause });
      }
    },
  };
}

async function inTime<T>(signing: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${signMsMax} ms`)), signMsMax);
  });
  try {
    return await Promise.race([signing, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function loadLibrary(path: string): Promise<Pkcs11Library> {
  try {
    const { default: koffi } = await import('koffi');
    return await Pkcs11Library.open(koffi, path);
  } catch (cause) {
    const { message } = cause as Error;
    throw new AppError(
      'unavailable',
      `The PKCS#11 module ${path} cannot be used (${message}). Check OVERAIR_PKCS11_MODULE, and that the optional package koffi is installed.`,
      { cause },
    );
  }
}

async function readPin(file: string | undefined): Promise<string> {
  try {
    return (await readFile(file ?? '', 'utf8')).trim();
  } catch (cause) {
    throw new AppError('unavailable', 'The file of OVERAIR_PKCS11_PIN_FILE cannot be read.', { cause });
  }
}
