import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { silentLog } from '../../src/base/log.ts';
import { readConfig } from '../../src/main/config.ts';
import { type Server, startServer } from '../../src/main/server.ts';
import { testDatabase } from '../../src/pg/test_database.ts';
import { makeTestPki } from '../../src/rsp/pki/make_test_pki.ts';

const folder = await mkdtemp(join(tmpdir(), 'overair-https-'));
const pki = makeTestPki({ smdpAddress: 'localhost', now: new Date() });
const file = (name: string) => Buffer.from(pki.get(name) ?? assert.fail(`the test PKI has no ${name}`));
const certFile = join(folder, 'cert.pem');
const keyFile = join(folder, 'key.pem');
await writeFile(certFile, toPem(file('DPtls/CERT_S_SM_DP_TLS_NIST.der')));
await writeFile(keyFile, file('DPtls/SK_S_SM_DP_TLS_NIST.pem'));
after(() => rm(folder, { recursive: true, force: true }));

test('with a certificate and its key the API speaks HTTPS, and says so in its own address', async () => {
  let server: Server | undefined;
  // Before the database's own hook, so that no server runs on a database that is gone.
  after(() => server?.stop());
  const { connectionString } = await testDatabase();
  const settings = {
    DATABASE_URL: connectionString,
    OVERAIR_DATA_DIR: join(folder, 'data'),
    OVERAIR_HTTP_PORT: '0',
    OVERAIR_ES9_PORT: '0',
    OVERAIR_ES2_PORT: '0',
    OVERAIR_SMDS_PORT: '0',
    OVERAIR_TLS_CERT: certFile,
    OVERAIR_TLS_KEY: keyFile,
  };
  server = await startServer(readConfig(settings), silentLog);
  assert.match(server.apiUrl, /^https:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(
    await statusOf(`${server.apiUrl}/readyz`, toPem(file('CertificateIssuer/CERT_CI_ECDSA_NIST.der'))),
    200,
  );
});

test('a certificate without its key is refused before anything starts', () => {
  assert.throws(
    () => readConfig({ OVERAIR_TLS_CERT: certFile }),
    /OVERAIR_TLS_CERT and OVERAIR_TLS_KEY together/,
  );
});

function toPem(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

function statusOf(url: string, ca: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { ca, servername: 'localhost', agent: false }, (response) =>
      resolve(response.resume().statusCode),
    )
      .on('error', reject)
      .end();
  });
}
