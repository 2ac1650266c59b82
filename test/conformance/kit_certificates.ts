// The certificates of a kit: of our own, or those of SGP.26 where they are, and eUICCs made under them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { present } from '../../src/base/assert.ts';
import { completeEid } from '../../src/base/digits.ts';
import { readCertificate } from '../../src/crypto/certificate.ts';
import type { Curve } from '../../src/crypto/curve.ts';
import { readSigningKey } from '../../src/crypto/signing_key.ts';
import type { TestCard } from '../../src/modules/smdp/testing/test_card.ts';
import { cardOf } from '../../src/modules/smdp/testing/test_smdp.ts';
import { makeTestEuicc } from '../../src/rsp/pki/make_test_euicc.ts';
import { makeTestPki, type TestPkiInput } from '../../src/rsp/pki/make_test_pki.ts';
import type { PkiFile } from '../../src/rsp/pki/read_pki.ts';

/** Both curves that SGP.22 allows. */
export const curves = ['P-256', 'brainpoolP256r1'] as const satisfies readonly Curve[];

const sgp26Folder = fileURLToPath(new URL('../../../shared/testdata/sgp26/', import.meta.url));
export const sgp26Host = 'testsmdpplus1.example.com';

/** Why the cases with the certificates of SGP.26 cannot run, or false. */
export const sgp26Missing: string | false =
  !existsSync(sgp26Folder) && 'the GSMA test certificates are not there';

export function sgp26Files(): PkiFile[] {
  return readdirSync(sgp26Folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(der|pem)$/.test(path))
    .map((path) => ({ path, bytes: readFileSync(join(sgp26Folder, path)) }));
}

export function ownFiles(pki: Curve | 'both', input: Partial<TestPkiInput>): PkiFile[] {
  const made = (pki === 'both' ? curves : [pki]).flatMap((curve) => [
    ...makeTestPki({ smdpAddress: 'localhost', now: new Date(), curve, ...input }),
  ]);
  return made.map(([path, bytes]) => ({ path, bytes }));
}

export async function writeFiles(folder: string, files: readonly PkiFile[]): Promise<void> {
  for (const { path, bytes } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

export function suffixOf(curve: Curve | undefined): RegExp {
  if (curve === undefined) return /./;
  return curve === 'P-256' ? /NIST/ : /BRP/;
}

export function fileOf(files: readonly PkiFile[], start: string, curve?: Curve): Uint8Array {
  const found = files.find(({ path }) => path.startsWith(start) && suffixOf(curve).test(path));
  return present(found, start).bytes;
}

export function certificateIssuers(files: readonly PkiFile[]): string[] {
  return files
    .filter(({ path }) => path.startsWith('CertificateIssuer/CERT'))
    .map(({ bytes }) => {
      const base64 = Buffer.from(bytes).toString('base64').replace(/.{64}/g, '$&\n');
      return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
    });
}

let eids = 0;

export function newCard(files: readonly PkiFile[], curve?: Curve, eid?: string): TestCard {
  const card = cardOf([...files], suffixOf(curve));
  const made = makeTestEuicc({
    eumKey: readSigningKey(fileOf(files, 'EUM/SK', curve)),
    eumName: readCertificate(card.eumCertificate).subjectName,
    eid: eid ?? completeEid(`8904903212345123451234${String(eids++).padStart(8, '0')}`),
    notBefore: new Date('2026-01-01'),
    notAfter: new Date('2040-01-01'),
  });
  const { subjectName } = readCertificate(made.certificate);
  return {
    ...card,
    eid: present(subjectName.serialNumber, 'an EID'),
    key: made.key,
    euiccCertificate: made.certificate,
  };
}
