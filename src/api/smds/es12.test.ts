import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { present } from '../../base/assert.ts';
import { readCertificate } from '../../crypto/certificate.ts';
import type { Curve } from '../../crypto/curve.ts';
import { makeCertificate } from '../../crypto/make_certificate.ts';
import { generateSigningKey, readSigningKey, writeSigningKey } from '../../crypto/signing_key.ts';
import {
  createTestSmds,
  smdsFiles,
  storedEvents,
  type TestSmds,
  testNow,
} from '../../modules/smds/test_smds.ts';
import { RspCallError } from '../../outgoing/rsp_call_error.ts';
import { createRspClient } from '../../outgoing/rsp_client.ts';
import { query } from '../../pg/query.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { type PemIdentity, writeCertificatePem } from '../../rsp/pki/pem_identity.ts';
import type { PkiFile } from '../../rsp/pki/read_pki.ts';
import { type ServerRole, serverRequest } from '../../rsp/pki/server_requests.ts';
import { createRspServer } from '../rsp/index.ts';
import { es12 } from './index.ts';

const database = await testDatabase();
beforeEach(() => query(database.kysely, 'delete from smds.events'));

const eid = '89049032123451234512345678901235';
const header = { functionRequesterIdentifier: 'operator', functionCallIdentifier: 'call-1' };
const event = {
  header,
  eid,
  rspServerAddress: 'smdp.example.com',
  eventId: 'EV-7F3A-0001',
  forwardingIndicator: false,
};

for (const curve of ['P-256', 'brainpoolP256r1'] as const) {
  const smds = createTestSmds(database, {
    address: 'localhost',
    files: smdsFiles({ curve, smdpAddress: 'localhost', smdsAddress: 'localhost' }),
  });
  const { files } = smds;
  const server = await serve(smds);
  after(server.close);
  const ca = writeCertificatePem(find(files, 'CertificateIssuer/CERT'));

  /** `registerEvent ok`, `Failed 8.9.5/3.3`, or `HTTP 403`. */
  async function call(path: string, body: object, identity?: PemIdentity): Promise<string> {
    const client = createRspClient({ ca: [ca], ...(identity && { identity }) });
    try {
      await client.call({ baseUrl: `https://localhost:${server.port}`, path: `/gsma/rsp2/${path}`, body });
      return 'ok';
    } catch (error) {
      if (!(error instanceof RspCallError)) throw error;
      const { refusal, status } = error;
      if (error.kind !== 'refused') return `HTTP ${status}`;
      return `${refusal?.status} ${refusal?.subjectCode}/${refusal?.reasonCode}`;
    } finally {
      client.close();
    }
  }

  const dpTls = identityIn(files, 'DPtls', curve);
  const dsTls = identityIn(files, 'DStls', curve);

  test(`${curve}: an SM-DP+ registers an event under the OID of its TLS certificate, and deletes it`, async () => {
    assert.equal(await call('es12/registerEvent', event, dpTls), 'ok');
    assert.equal((await storedEvents(smds))[0]?.['owner_oid'], '2.999.10');
    assert.equal(await call('es12/registerEvent', event, dpTls), 'Failed 8.9.5/3.3');
    assert.equal(await call('es12/deleteEvent', { ...event, eventId: 'NO' }, dpTls), 'Failed 8.9.5/3.9');
    assert.equal(await call('es12/deleteEvent', event, dsTls), 'Failed 8.9.5/3.9');
    assert.equal(await call('es12/deleteEvent', event, dpTls), 'ok');
    assert.deepEqual(await storedEvents(smds), []);
  });

  test(`${curve}: an SM-DS registers on both interfaces; ES15 is not for SM-DP+s`, async () => {
    assert.equal(await call('es15/registerEvent', event, dsTls), 'ok');
    assert.equal(await call('es12/registerEvent', { ...event, eventId: 'B' }, dsTls), 'ok');
    assert.equal((await storedEvents(smds))[0]?.['owner_oid'], '2.999.15');
    assert.equal(await call('es15/registerEvent', { ...event, eventId: 'C' }, dpTls), 'HTTP 403');
    assert.equal(await call('es15/deleteEvent', event, dsTls), 'ok');
  });

  test(`${curve}: whoever is nobody gets 401, and whoever may not register 403, before the body is read`, async () => {
    const strangers = smdsFiles({ curve, smdpAddress: 'localhost' });
    const made = (role: ServerRole, more: Made = {}) => makeIdentity(files, curve, role, more);
    const day = 86_400_000;
    const refused: [string, PemIdentity | undefined, string][] = [
      ['no certificate', undefined, 'HTTP 401'],
      ['of another CI', identityIn(strangers, 'DPtls', curve), 'HTTP 403'],
      ['for signing', identityIn(files, 'DPauth', curve), 'HTTP 403'],
      ['of an eUICC', identityIn(files, 'eUICC', curve), 'HTTP 403'],
      ['expired', made('dpTls', { notAfter: new Date(testNow.getTime() - day) }), 'HTTP 403'],
      ['not valid yet', made('dpTls', { notBefore: new Date(testNow.getTime() + day) }), 'HTTP 403'],
      ['without an OID', made('dpTls', { oid: null }), 'HTTP 403'],
    ];
    for (const [what, identity, expected] of refused)
      for (const body of [event, { nonsense: 'x'.repeat(100_000) }])
        assert.equal(await call('es12/registerEvent', body, identity), expected, what);
    assert.deepEqual(await storedEvents(smds), []);
    assert.equal(await call('es12/registerEvent', event, made('dpTls')), 'ok');
  });

  test(`${curve}: a revoked certificate is refused`, async () => {
    const { trust } = smds.ctx().smds;
    const { crls } = trust;
    const { serialNumber } = readCertificate(find(files, 'DPtls/CERT'));
    trust.crls = {
      isRevoked: (certificate) => certificate.serialNumber.toString() === serialNumber.toString(),
    };
    assert.equal(await call('es12/registerEvent', event, dpTls), 'HTTP 403');
    trust.crls = crls;
    assert.equal(await call('es12/registerEvent', event, dpTls), 'ok');
  });
}

test('a message that lacks a member or the header, or has one that cannot be, is Failed and changes nothing', async () => {
  const smds = createTestSmds(database, {
    address: 'localhost',
    files: smdsFiles({ smdpAddress: 'localhost', smdsAddress: 'localhost' }),
  });
  const server = await serve(smds);
  after(server.close);
  const identity = identityIn(smds.files, 'DPtls', 'P-256');
  const client = createRspClient({
    ca: [writeCertificatePem(find(smds.files, 'CertificateIssuer/CERT'))],
    identity,
  });
  after(() => client.close());
  const refusalOf = async (body: object) => {
    const failed = await client
      .call({ baseUrl: `https://localhost:${server.port}`, path: '/gsma/rsp2/es12/registerEvent', body })
      .then(
        () => assert.fail('the message was taken'),
        (error: RspCallError) => error,
      );
    return `${failed.kind} ${failed.refusal?.subjectCode}/${failed.refusal?.reasonCode}`;
  };
  const without = (name: keyof typeof event) => ({ ...event, [name]: undefined });
  for (const name of ['header', 'eid', 'rspServerAddress', 'eventId', 'forwardingIndicator'] as const)
    assert.equal(await refusalOf(without(name)), 'refused 1.6/2.2', name);
  const wrong = [
    { ...event, header: {} },
    { ...event, forwardingIndicator: 'false' },
    { ...event, eid: '12' },
    { ...event, eid: 12 },
    { ...event, eventId: 'a_b' },
    { ...event, rspServerAddress: 'https://x' },
    { ...event, header: { ...header, functionCallIdentifier: '' } },
  ];
  for (const body of wrong)
    assert.match(await refusalOf(body), /^refused 1\.6\/2\.[12]$/, JSON.stringify(body));
  assert.deepEqual(await storedEvents(smds), []);
});

function serve(smds: TestSmds) {
  return createRspServer({
    host: '127.0.0.1',
    port: 0,
    tls: present(smds.ctx().smds.tls, 'a TLS certificate'),
    asksForCertificate: true,
    serve: (app) => void app.register(es12, { ctxFor: smds.ctx }),
  });
}

function find(files: readonly PkiFile[], start: string): Uint8Array {
  return present(
    files.find(({ path }) => path.startsWith(start)),
    start,
  ).bytes;
}

function identityIn(files: readonly PkiFile[], folder: string, curve: Curve): PemIdentity {
  return {
    certificate: writeCertificatePem(find(files, `${folder}/CERT`)),
    privateKey: Buffer.from(find(files, `${folder}/SK`)).toString(),
    curve,
  };
}

type Made = { notBefore?: Date; notAfter?: Date; oid?: null };

/** A certificate of the CI of these files that is as it should be but for what is given. */
function makeIdentity(files: readonly PkiFile[], curve: Curve, role: ServerRole, more: Made): PemIdentity {
  const key = generateSigningKey(curve);
  const { registeredId, ...request } = serverRequest(role, 'localhost', '2.999.77');
  const ci = readCertificate(find(files, 'CertificateIssuer/CERT'));
  const der = makeCertificate({
    ...request,
    ...(more.oid === null || registeredId === undefined ? {} : { registeredId }),
    key,
    issuer: { name: ci.subject, key: readSigningKey(find(files, 'CertificateIssuer/SK')) },
    notBefore: more.notBefore ?? new Date('2026-01-01'),
    notAfter: more.notAfter ?? new Date('2040-01-01'),
  });
  return { certificate: writeCertificatePem(der), privateKey: writeSigningKey(key), curve };
}
