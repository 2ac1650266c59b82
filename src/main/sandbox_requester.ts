// The sandbox as an operator at ES2+: a client certificate in the data folder that is registered for its account.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../base/app_error.ts';
import { describeCertificates, getRequester, putRequester } from '../modules/smdp/index.ts';
import { type Ctx, systemCtx } from '../pg/ctx.ts';
import { write } from '../pg/write.ts';
import { makeClientIdentity } from '../rsp/pki/make_client_identity.ts';
import type { Installation } from './open_installation.ts';

export type SandboxRequester = { identifier: string; certificateFile: string; keyFile: string };

const identifier = 'overair-sandbox';

/** Made on the first call; one that is registered already stays as it is, with the certificate of this folder added. */
export async function openSandboxRequester(
  installation: Installation,
  accountId: string,
  dataDir: string,
): Promise<SandboxRequester> {
  const ctx = systemCtx(installation.database, installation);
  const files = {
    certificateFile: join(dataDir, 'es2-client.pem'),
    keyFile: join(dataDir, 'es2-client.key'),
  };
  const certificate = (await readCertificate(ctx, files)) ?? (await makeFiles(ctx, files));
  await write(ctx, {}, (tx) => register(tx, accountId, certificate));
  return { identifier, ...files };
}

type Files = Omit<SandboxRequester, 'identifier'>;

/** Undefined when there is none, or none that is still good for a while. */
async function readCertificate(ctx: Ctx, { certificateFile, keyFile }: Files): Promise<string | undefined> {
  try {
    const [certificate] = await Promise.all([readFile(certificateFile, 'utf8'), readFile(keyFile)]);
    const goodUntil = ctx.now.getTime() + 30 * 86_400_000;
    const isGood = describeCertificates(certificate).every(({ notAfter }) => notAfter.getTime() > goodUntil);
    return isGood ? certificate : undefined;
  } catch (error) {
    if (error instanceof AppError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function makeFiles(ctx: Ctx, { certificateFile, keyFile }: Files): Promise<string> {
  const { certificate, privateKey } = makeClientIdentity({ commonName: identifier, now: ctx.now });
  await writeFile(keyFile, privateKey, { mode: 0o600 });
  await writeFile(certificateFile, certificate);
  return certificate;
}

const certificatesMax = 10;

async function register(tx: Ctx, accountId: string, certificate: string): Promise<void> {
  const known = await getRequester(tx, { accountId, idOrIdentifier: identifier }).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'not_found') return undefined;
    throw error;
  });
  const pinned = known?.certificates ?? [];
  const wanted = fingerprintsOf([certificate]);
  if (known?.ca || fingerprintsOf(pinned).includes(wanted[0])) return;
  await putRequester(tx, {
    progressUrl: null,
    ...known,
    accountId,
    identifier,
    certificates: [...pinned, certificate].slice(-certificatesMax),
  });
}

function fingerprintsOf(certificates: readonly string[]): (string | undefined)[] {
  return certificates.flatMap((pem) => describeCertificates(pem).map(({ fingerprint }) => fingerprint));
}
