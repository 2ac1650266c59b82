// The certificates and keys of this installation: a folder of the operator's, or a test PKI that is made on the first start.
import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../base/app_error.ts';
import type { Log } from '../base/log.ts';
import { completeTestPki, type WantedServers } from '../rsp/pki/complete_test_pki.ts';
import { makeTestPki } from '../rsp/pki/make_test_pki.ts';
import { type PkiFile, readPki } from '../rsp/pki/read_pki.ts';

export type PkiPlace = { dataDir: string; pkiDir: string | undefined };

/** The folder that the certificates of these settings are in. */
export function pkiDirOf({ dataDir, pkiDir }: PkiPlace): string {
  return pkiDir ?? join(dataDir, 'pki');
}

/**
 * The PKI's files. Without `pkiDir` a test PKI is made in the data folder on the first start. A folder that holds a CI's
 * private key is a test PKI, whoever made it: what the servers wanted lack there is made under that CI in `pki-made` of
 * the data folder, never in the folder itself. Throws `invalid_certificate` when the folder cannot be read.
 */
export async function openPki(place: PkiPlace, wanted: WantedServers, log: Log): Promise<PkiFile[]> {
  const dir = pkiDirOf(place);
  if (place.pkiDir === undefined) await makeOnce(dir, wanted);
  const files = await readPkiFolder(dir);
  const madeDir = join(place.dataDir, 'pki-made');
  const made = await readPkiFolder(madeDir).catch(() => []);
  const missing = completeTestPki(readPki([...files, ...made]), wanted);
  if (missing.size === 0) return [...files, ...made];
  await mkdir(madeDir, { recursive: true, mode: 0o700 });
  for (const [name, bytes] of missing) await writeOnce(join(madeDir, name), bytes);
  log.info({ folder: madeDir, made: [...missing.keys()] }, 'test certificates were made under the test CI');
  return [...files, ...(await readPkiFolder(madeDir))];
}

/** The files of a folder that may hold certificates, keys or CRLs, with their paths. Throws `invalid_certificate`. */
export async function readPkiFolder(dir: string): Promise<PkiFile[]> {
  const files: PkiFile[] = [];
  for (const path of await listPkiFolder(dir)) files.push({ path, bytes: await readFile(path) });
  return files;
}

/** A text that changes when a file of the folder is added, removed or written. Throws `invalid_certificate`. */
export async function pkiFingerprint(dir: string): Promise<string> {
  const lines: string[] = [];
  for (const path of await listPkiFolder(dir)) {
    const { mtimeMs, size, ino } = await stat(path);
    lines.push(`${path} ${mtimeMs} ${size} ${ino}`);
  }
  return lines.join('\n');
}

const fileBytesMax = 64 * 1024;
const crlBytesMax = 16 * 1024 * 1024;

async function listPkiFolder(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(
    (cause: NodeJS.ErrnoException) => {
      throw new AppError('invalid_certificate', `The PKI folder ${dir} cannot be read (${cause.code}).`, {
        cause,
      });
    },
  );
  const paths: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const kind = /\.(der|pem|crt|cer|key|crl)$/i.exec(entry.name)?.[1]?.toLowerCase();
    if (!kind || entry.isDirectory()) continue;
    // Followed when it is a link: that is how secrets are mounted.
    const file = await stat(path).catch(() => undefined);
    if (file?.isFile() && file.size <= (kind === 'crl' ? crlBytesMax : fileBytesMax)) paths.push(path);
  }
  return paths.sort();
}

/** Under another name first: a start that is interrupted, or another node, never leaves half a PKI. */
async function makeOnce(dir: string, { smdpAddresses, smdsAddress, now }: WantedServers): Promise<void> {
  if ((await readdir(dir).catch(() => [])).length > 0) return;
  const [smdpAddress = 'localhost'] = smdpAddresses;
  const making = `${dir}.${randomBytes(4).toString('hex')}`;
  for (const [path, bytes] of makeTestPki({ smdpAddress, now, ...(smdsAddress && { smdsAddress }) })) {
    await mkdir(dirname(join(making, path)), { recursive: true, mode: 0o700 });
    await writeFile(join(making, path), bytes, { mode: path.endsWith('.pem') ? 0o600 : 0o644 });
  }
  await rename(making, dir).catch(async () => rm(making, { recursive: true, force: true }));
}

/** Whoever comes first has made it: two nodes on one data folder have the same certificates. */
async function writeOnce(path: string, bytes: Uint8Array): Promise<void> {
  const making = `${path}.${randomBytes(4).toString('hex')}`;
  await writeFile(making, bytes, { mode: 0o600 });
  await link(making, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(making);
}
