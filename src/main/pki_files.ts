// The certificates and keys of this installation: a folder of the operator's, or a test PKI that is made on the first start.
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../base/app_error.ts';
import { hostOf } from '../rsp/pki/host.ts';
import { makeTestPki } from '../rsp/pki/make_test_pki.ts';
import type { PkiFile } from '../rsp/pki/read_pki.ts';

/** The PKI's folder and its files. Without `pkiDir` a test PKI for this address is made in the data folder, once per host name. */
export async function openPki(of: {
  dataDir: string;
  pkiDir: string | undefined;
  smdpAddress: string;
  now: Date;
}): Promise<{ dir: string; files: PkiFile[] }> {
  const dir = of.pkiDir ?? join(of.dataDir, 'pki');
  if (of.pkiDir === undefined) await makeOnce(dir, of.smdpAddress, of.now);
  const files = await readFolder(dir);
  return { dir, files };
}

// Certificates name the host, so a folder made for another one is no use: it is left as it is, and said.
async function makeOnce(dir: string, smdpAddress: string, now: Date): Promise<void> {
  const marker = join(dir, 'host');
  const host = hostOf(smdpAddress);
  const madeFor = await readFile(marker, 'utf8').catch(() => undefined);
  if (madeFor === host) return;
  if (madeFor !== undefined) {
    throw new AppError(
      'invalid_certificate',
      `The test PKI in ${dir} was made for ${madeFor}, and OVERAIR_SMDP_ADDRESS is ${smdpAddress}. Remove that folder to have one made for ${host} (devices that know the old one will not trust it), or set OVERAIR_PKI_DIR.`,
    );
  }
  for (const [path, bytes] of makeTestPki({ smdpAddress, now })) {
    await mkdir(dirname(join(dir, path)), { recursive: true, mode: 0o700 });
    await writeFile(join(dir, path), bytes, { mode: path.endsWith('.pem') ? 0o600 : 0o644 });
  }
  await writeFile(marker, host);
}

async function readFolder(dir: string): Promise<PkiFile[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(
    (cause: NodeJS.ErrnoException) => {
      throw new AppError('invalid_certificate', `The PKI folder ${dir} cannot be read (${cause.code}).`, {
        cause,
      });
    },
  );
  const files: PkiFile[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (
      !entry.isFile() ||
      !/\.(der|pem|crt|cer|key)$/i.test(entry.name) ||
      (await stat(path)).size > fileBytesMax
    )
      continue;
    files.push({ path, bytes: await readFile(path) });
  }
  return files;
}

const fileBytesMax = 64 * 1024;
