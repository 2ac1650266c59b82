// A SoftHSM2 token for tests, in a folder of its own, with private keys that were made elsewhere.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

const modules = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
];

export const softHsmModule = modules.find(existsSync) ?? '';

/** Why tests with a token cannot run, or false. */
export const noToken: string | false =
  (softHsmModule === '' || !canRun('softhsm2-util')) && 'SoftHSM2 is not installed: apt-get install softhsm2';

export type TestToken = {
  label: string;
  pin: string;
  /** Imports a private key in PEM (PKCS #8). */
  importKey(pem: string | Uint8Array): void;
  settings(): Record<string, string>;
};

/** Makes a token; SoftHSM reads SOFTHSM2_CONF once per process, so call it before anything opens the module. */
export function makeTestToken(): TestToken {
  const dir = mkdtempSync(join(tmpdir(), 'overair-token-'));
  after(() => rmSync(dir, { recursive: true, force: true }));
  mkdirSync(join(dir, 'tokens'));
  writeFileSync(
    join(dir, 'softhsm2.conf'),
    `directories.tokendir = ${join(dir, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  process.env['SOFTHSM2_CONF'] = join(dir, 'softhsm2.conf');
  const [label, pin] = ['overair', '1234'];
  run('--init-token', '--free', '--label', label, '--pin', pin, '--so-pin', '12345678');
  let ids = 0;
  return {
    label,
    pin,
    importKey(pem) {
      const file = join(dir, 'key.pem');
      writeFileSync(file, pem);
      const id = (++ids).toString(16).padStart(2, '0');
      run('--import', file, '--token', label, '--label', `key ${id}`, '--id', id, '--pin', pin);
      rmSync(file);
    },
    settings: () => ({
      OVERAIR_PKCS11_MODULE: softHsmModule,
      OVERAIR_PKCS11_TOKEN: label,
      OVERAIR_PKCS11_PIN: pin,
    }),
  };
}

function run(...args: string[]): void {
  execFileSync('softhsm2-util', args, { stdio: 'pipe' });
}

function canRun(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}
