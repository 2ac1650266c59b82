// Revocation lists that are fetched: which are kept, and what they do to eUICCs, on every node.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { present } from '../../../base/assert.ts';
import { readCertificate } from '../../../crypto/certificate.ts';
import { type CrlRequest, makeCrl } from '../../../crypto/make_crl.ts';
import { generateSigningKey, readSigningKey } from '../../../crypto/signing_key.ts';
import { query } from '../../../pg/query.ts';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { createCrls } from '../../../rsp/crls.ts';
import { RspError } from '../../../rsp/rsp_error.ts';
import { crlsRevision, fetchCrls, handleNotification, listCrls } from '../index.ts';
import { otherNotification } from '../testing/test_card.ts';
import {
  createTestSmdp,
  download,
  offerTo,
  profileRow,
  releaseTestProfile,
  testAddress,
  testFiles,
  testNow,
} from '../testing/test_smdp.ts';

const database = await testDatabase();
const files = testFiles({ smdpAddress: testAddress, now: testNow });
const bytesOf = (name: string) =>
  present(
    files.find(({ path }) => path === `${name}`),
    name,
  ).bytes;
const ci = readCertificate(bytesOf('CertificateIssuer/CERT_CI_ECDSA_NIST.der'));
const eum = readCertificate(bytesOf('EUM/CERT_EUM_ECDSA_NIST.der'));
const euicc = readCertificate(bytesOf('eUICC/CERT_EUICC_ECDSA_NIST.der'));
const ciKey = readSigningKey(bytesOf('CertificateIssuer/SK_CI_ECDSA_NIST.pem'));
const eumKey = readSigningKey(bytesOf('EUM/SK_EUM_ECDSA_NIST.pem'));
const day = (of: number) => new Date(Date.UTC(2026, 10, of));

const ofCi = (more: Partial<CrlRequest> = {}) =>
  makeCrl({ issuer: { name: ci.subject, key: ciKey }, thisUpdate: day(10), revoked: [], ...more });
const ofEum = (more: Partial<CrlRequest> = {}) =>
  makeCrl({ issuer: { name: eum.subject, key: eumKey }, thisUpdate: day(10), revoked: [], ...more });

/** What is published where; a number is a status. */
const published = new Map<string, Uint8Array | number>();
const server = createServer((request, response) => {
  const found = published.get(request.url ?? '') ?? 404;
  if (typeof found !== 'number') return void response.end(found);
  response.writeHead(found, { location: '/other' }).end();
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
after(() => void server.close());
const urlOf = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

const ctx = testCtx(database, testNow);
const issuers = [ci, eum];
const fetchFrom = (...paths: string[]) => fetchCrls(ctx, { sources: paths.map(urlOf), issuers });
const kept = async (path: string) => (await listCrls(ctx, [urlOf(path)])).map(({ crl }) => crl);
const errorOf = async (path: string) => {
  const [row] = await query<{ error: string | null }>(
    ctx.db,
    'select error from smdp.crl_sources where source = $1',
    [urlOf(path)],
  );
  return row?.error;
};

test('a list is fetched in DER or PEM, kept for every node, and replaced by a newer one only', async () => {
  published.set('/ci', ofCi({ revoked: [Buffer.from('01', 'hex')] }));
  assert.equal(await fetchFrom('/ci'), 1);
  assert.equal((await kept('/ci'))[0]?.revokedCount, 1);
  const revision = await crlsRevision(ctx, [urlOf('/ci')]);
  assert.equal(await fetchFrom('/ci'), 0, 'the same again is nothing new');
  assert.equal(await crlsRevision(ctx, [urlOf('/ci')]), revision);

  published.set('/ci', ofCi({ thisUpdate: day(9) }));
  assert.equal(await fetchFrom('/ci'), 0);
  assert.equal((await kept('/ci'))[0]?.revokedCount, 1);
  assert.match(String(await errorOf('/ci')), /older/);

  const newer = ofCi({ thisUpdate: day(11), revoked: [Buffer.from('01', 'hex'), Buffer.from('02', 'hex')] });
  const body = Buffer.from(newer).toString('base64').replace(/.{64}/g, '$&\n');
  published.set('/ci', Buffer.from(`-----BEGIN X509 CRL-----\n${body}\n-----END X509 CRL-----\n`));
  assert.equal(await fetchFrom('/ci'), 1);
  assert.deepEqual(
    (await kept('/ci')).map(({ revokedCount }) => revokedCount),
    [2],
  );
  assert.notEqual(await crlsRevision(ctx, [urlOf('/ci')]), revision);
  assert.equal(await errorOf('/ci'), null);
});

const bad: [string, Uint8Array | number, RegExp][] = [
  [
    'one that nobody we know has signed',
    ofCi({ issuer: { name: ci.subject, key: generateSigningKey('P-256') } }),
    /signed/,
  ],
  ['one of a CI that we do not know', ofCi({ issuer: { name: { commonName: 'X' }, key: ciKey } }), /signed/],
  ['one of the future', ofCi({ thisUpdate: day(28) }), /future/],
  ['nonsense', Buffer.from('hello'), /no CRL/],
  ['half a list', ofCi().subarray(0, 50), /bytes/],
  ['a list of 17 MB', Buffer.alloc(17 * 1024 * 1024, 0x30), /more than/],
  ['a status', 500, /500/],
  ['a redirection', 302, /redirect/],
];
for (const [what, answer, reason] of bad)
  test(`${what} changes nothing, and the next source is still fetched`, async () => {
    published.set('/good', ofEum({ thisUpdate: day(10) }));
    published.set('/bad', ofCi({ thisUpdate: day(8), distributionPoint: urlOf('/bad') }));
    await fetchFrom('/bad', '/good');
    const before = await crlsRevision(ctx, [urlOf('/bad')]);
    published.set('/bad', answer);
    await fetchFrom('/bad', '/good');
    assert.equal(await crlsRevision(ctx, [urlOf('/bad')]), before);
    assert.match(String(await errorOf('/bad')), reason);
    assert.equal(await errorOf('/good'), null);
  });

test('a source that is out of reach, or no http at all, is noted and nothing more', async () => {
  for (const source of ['http://127.0.0.1:1/x', 'ftp://127.0.0.1/x', 'file:///etc/passwd'])
    assert.equal(await fetchCrls(ctx, { sources: [source], issuers }), 0);
  const rows = await query<{ error: string }>(
    ctx.db,
    "select error from smdp.crl_sources where source not like 'http://127.0.0.1:_____/%' order by source",
  );
  assert.deepEqual(
    rows.map(({ error }) => /only http/.test(error)),
    [true, true, false],
  );
});

test('one part of a split list does not replace the other, wherever it is published', async () => {
  const [a, b] = ['http://ci.example/a.crl', 'http://ci.example/b.crl'];
  published.set('/split', ofCi({ distributionPoint: a ?? '', revoked: [Buffer.from('01', 'hex')] }));
  await fetchFrom('/split');
  published.set('/split', ofCi({ distributionPoint: b ?? '', thisUpdate: day(20) }));
  await fetchFrom('/split');
  assert.equal((await kept('/split')).length, 2);
});

test('a revoked eUICC gets no offer, its notifications change nothing, and neither do those of a revoked EUM', async () => {
  const smdp = createTestSmdp(database, { files });
  const { iccid, matchingId } = await releaseTestProfile(smdp);
  const second = await releaseTestProfile(smdp);
  await download(smdp, { matchingId });
  for (const [der, code] of [
    [ofEum({ revoked: [euicc.serialNumber] }), 'euicc_certificate_invalid'],
    [ofCi({ revoked: [eum.serialNumber] }), 'eum_certificate_invalid'],
  ] as const) {
    published.set('/now', der);
    const source = urlOf(`/now?${code}`);
    published.set(`/now?${code}`, der);
    await query(ctx.db, 'delete from smdp.crls');
    await fetchCrls(ctx, { sources: [source], issuers });
    const crls = createCrls((await listCrls(ctx, [source])).map(({ crl }) => crl));
    for (const node of [0, 1]) {
      smdp.ctx(node).smdp.trust.crls = crls;
      await assert.rejects(
        offerTo(smdp, { matchingId: second.matchingId }, smdp.card, node),
        (error) => error instanceof RspError && error.code === code,
      );
      await handleNotification(smdp.ctx(node), {
        pendingNotification: otherNotification(smdp.card, 'delete', iccid, 7),
      });
      assert.equal((await profileRow(smdp, iccid)).state, 'downloaded');
    }
  }
  for (const node of [0, 1]) smdp.ctx(node).smdp.trust.crls = createCrls([]);
  await handleNotification(smdp.ctx(), {
    pendingNotification: otherNotification(smdp.card, 'delete', iccid, 7),
  });
  assert.equal((await profileRow(smdp, iccid)).state, 'deleted');
});
