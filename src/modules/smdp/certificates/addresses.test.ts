// Several addresses of one SM-DP+, and certificates that change while sessions are open.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { toHex } from '../../../base/bytes.ts';
import { readCertificate } from '../../../crypto/certificate.ts';
import { query } from '../../../pg/query.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { completeTestPki, issueServerFile } from '../../../rsp/pki/complete_test_pki.ts';
import { type PkiFile, readPki } from '../../../rsp/pki/read_pki.ts';
import { hasKey } from '../../../rsp/pki/select_identities.ts';
import { RspError } from '../../../rsp/rsp_error.ts';
import {
  authenticateClient,
  cancelSession,
  getBoundProfilePackage,
  initiateAuthentication,
  reloadSmdp,
} from '../index.ts';
import { cancel, euiccInfo1, prepareDownload, proveCard, type TestCard } from '../testing/test_card.ts';
import {
  cardOf,
  createTestSmdp,
  releaseTestProfile,
  type TestSmdp,
  testAddress,
  testFiles,
  testNow,
} from '../testing/test_smdp.ts';

const database = await testDatabase();
const second = 'second.example.com:8443';

/** Certificates with this OID for the second address, under the CI of these files. */
function serverUnder(files: PkiFile[], oid: string): PkiFile[] {
  const [ci] = readPki(files).ci;
  assert.ok(ci && hasKey(ci));
  return (['dpAuth', 'dpPb', 'dpTls'] as const).map((role) => ({
    path: `second/${role}.pem`,
    bytes: issueServerFile(ci, { role, address: second, oid }, testNow),
  }));
}

async function open(smdp: TestSmdp, serverAddress: string, card: TestCard = smdp.card) {
  return initiateAuthentication(smdp.ctx(), {
    euiccChallenge: randomBytes(16),
    euiccInfo1: euiccInfo1(card),
    serverAddress,
  });
}

const refusal = (code: string) => (error: unknown) => error instanceof RspError && error.code === code;

const bothCurves = (['P-256', 'brainpoolP256r1'] as const).map((curve) =>
  testFiles({ smdpAddress: testAddress, now: testNow, curve }),
);

for (const files of bothCurves)
  test(`${cardOf(files).key.curve}: a download at the second address goes by its DPauth and DPpb, on whichever node`, async () => {
    const smdp = createTestSmdp(database, {
      files: [...bothCurves.flat(), ...bothCurves.flatMap((each) => serverUnder(each, '2.999.12'))],
      otherAddresses: [second],
    });
    const card = cardOf(files);
    const { matchingId } = await releaseTestProfile(smdp);
    for (const [dialled, address, oid] of [
      ['smdp.example.com', testAddress, '2.999.10'],
      ['SECOND.example.com:8443', second, '2.999.12'],
    ] as const) {
      const proof = await open(smdp, dialled, card);
      assert.equal(await addressOf(proof.transactionId), address);
      const offer = await authenticateClient(smdp.ctx(1), {
        transactionId: proof.transactionId,
        authenticateServerResponse: proveCard(card, proof, { matchingId }),
      });
      for (const der of [proof.serverCertificate, offer.smdpCertificate]) {
        const { registeredIds, curve } = readCertificate(der);
        assert.deepEqual([registeredIds, curve], [[oid], card.key.curve]);
      }
      await getBoundProfilePackage(smdp.ctx(), {
        transactionId: proof.transactionId,
        prepareDownloadResponse: prepareDownload(card, offer),
      });
    }
    await assert.rejects(open(smdp, 'third.example.com', card), refusal('smdp_address_invalid'));
  });

test('cancelling at the second address wants the OID of the second', async () => {
  const [files = []] = bothCurves;
  const smdp = createTestSmdp(database, {
    files: [...files, ...serverUnder(files, '2.999.12')],
    otherAddresses: [second],
  });
  const { matchingId } = await releaseTestProfile(smdp);
  const proof = await open(smdp, second);
  const { transactionId } = await authenticateClient(smdp.ctx(), {
    transactionId: proof.transactionId,
    authenticateServerResponse: proveCard(smdp.card, proof, { matchingId }),
  });
  const cancelWith = (smdpOid: string) =>
    cancelSession(smdp.ctx(), {
      transactionId,
      cancelSessionResponse: cancel(smdp.card, transactionId, 0, { smdpOid }),
    });
  await assert.rejects(cancelWith('2.999.10'), refusal('smdp_oid_mismatch'));
  await cancelWith('2.999.12');
});

async function addressOf(transactionId: Uint8Array): Promise<string | undefined> {
  const [row] = await query<{ server_address: string }>(
    database.kysely,
    'select server_address from smdp.sessions where transaction_id = $1',
    [transactionId],
  );
  return row?.server_address;
}

test('a reload takes effect in place: new sessions go by the new certificates, open ones of the same CI go on', async () => {
  const files = testFiles({ smdpAddress: testAddress, now: testNow });
  const smdp = createTestSmdp(database, { files });
  const { matchingId } = await releaseTestProfile(smdp);
  const before = await open(smdp, testAddress);
  const renewed = readPki(renew(files));
  for (const node of [0, 1]) reloadSmdp(smdp.ctx(node).smdp, renewed, testNow)();
  const after = await open(smdp, testAddress);
  assert.notEqual(toHex(after.serverCertificate), toHex(before.serverCertificate));
  const offer = await authenticateClient(smdp.ctx(), {
    transactionId: before.transactionId,
    authenticateServerResponse: proveCard(smdp.card, before, { matchingId }),
  });
  assert.equal(toHex(offer.smdpCertificate), toHex(renewed.dpPb[0]?.certificate.raw ?? Buffer.alloc(0)));
  await getBoundProfilePackage(smdp.ctx(1), {
    transactionId: before.transactionId,
    prepareDownloadResponse: prepareDownload(smdp.card, offer),
  });
});

test('a session whose identity a reload has taken away is unknown, at each of its steps', async () => {
  const files = testFiles({ smdpAddress: testAddress, now: testNow });
  const smdp = createTestSmdp(database, { files });
  const profiles = [await releaseTestProfile(smdp), await releaseTestProfile(smdp)];
  const opened = await open(smdp, testAddress);
  const offers = await Promise.all(
    profiles.map(async ({ matchingId }) => {
      const proof = await open(smdp, testAddress);
      return authenticateClient(smdp.ctx(), {
        transactionId: proof.transactionId,
        authenticateServerResponse: proveCard(smdp.card, proof, { matchingId }),
      });
    }),
  );
  // Another CI serves now; the old one is still trusted for those who come with it.
  const other = testFiles({ smdpAddress: testAddress, now: testNow });
  const oldCi = files.filter(({ path }) => path.startsWith('CertificateIssuer/CERT'));
  const next = readPki([...oldCi.map(({ bytes }) => ({ path: 'old.der', bytes })), ...other]);
  reloadSmdp(smdp.ctx().smdp, next, testNow)();
  await assert.rejects(
    authenticateClient(smdp.ctx(), {
      transactionId: opened.transactionId,
      authenticateServerResponse: proveCard(smdp.card, opened, { matchingId: profiles[0]?.matchingId }),
    }),
    refusal('transaction_unknown'),
  );
  const [first, last] = offers;
  assert.ok(first && last);
  await assert.rejects(
    getBoundProfilePackage(smdp.ctx(), {
      transactionId: first.transactionId,
      prepareDownloadResponse: prepareDownload(smdp.card, first),
    }),
    refusal('transaction_unknown'),
  );
  await assert.rejects(
    cancelSession(smdp.ctx(), {
      transactionId: last.transactionId,
      cancelSessionResponse: cancel(smdp.card, last.transactionId, 0),
    }),
    refusal('transaction_unknown'),
  );
});

test('a reload that would leave no identity, or an address without TLS, is refused and changes nothing', async () => {
  const files = testFiles({ smdpAddress: testAddress, now: testNow });
  const smdp = createTestSmdp(database, { files }).ctx().smdp;
  const { servers, identities } = smdp;
  for (const without of ['DPauth', 'DPpb', 'DPtls', 'CertificateIssuer']) {
    const pki = readPki(files.filter(({ path }) => !path.startsWith(without)));
    assert.throws(() => reloadSmdp(smdp, pki, testNow), { code: 'invalid_certificate' }, without);
  }
  assert.equal(smdp.servers, servers);
  assert.equal(smdp.identities, identities);
});

/** New certificates of this server under the same CI. */
function renew(files: PkiFile[]): PkiFile[] {
  const kept = files.filter(({ path }) => !path.startsWith('DP'));
  const made = completeTestPki(readPki(kept), { smdpAddresses: [testAddress], now: testNow });
  return [...kept, ...[...made].map(([path, bytes]) => ({ path, bytes }))];
}
