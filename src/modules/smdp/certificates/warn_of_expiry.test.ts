// Warnings of certificates that end: which, when, to whom, and once a day.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCrl } from '../../../crypto/crl.ts';
import { makeCrl } from '../../../crypto/make_crl.ts';
import { generateSigningKey } from '../../../crypto/signing_key.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { completeTestPki } from '../../../rsp/pki/complete_test_pki.ts';
import { readPki } from '../../../rsp/pki/read_pki.ts';
import { createAccount, createSubaccount } from '../../accounts/index.ts';
import { createProfileType } from '../../inventory/index.ts';
import { tellReloaded, type WatchedCertificate, warnOfExpiry, watchedCertificates } from '../index.ts';
import { testAddress, testFiles, testNow } from '../testing/test_smdp.ts';

const database = await testDatabase();
const dayMs = 86_400_000;
const inDays = (days: number) => new Date(testNow.getTime() + days * dayMs);
const ending = (days: number, more: Partial<WatchedCertificate> = {}): WatchedCertificate => ({
  role: 'DPauth',
  subject: 'smdp.example.com 2.999.10',
  keyId: `AB${days}`,
  notAfter: inDays(days),
  path: '/pki/DPauth.der',
  ...more,
});

async function startAfresh(): Promise<void> {
  await query(
    database.kysely,
    'truncate events.events, accounts.accounts, smdp.certificate_notices, inventory.profile_types cascade',
  );
}

async function eventsOf(ctx: Ctx, type: string) {
  return query<{ account_id: string; resource_id: string; data: Record<string, unknown> }>(
    ctx.db,
    'select account_id, resource_id, data from events.events where type = $1 order by position',
    [type],
  );
}

test('a certificate is told of from 30 days before its end, once a day, by one of several nodes', async () => {
  await startAfresh();
  const at = (days: number) => testCtx(database, inDays(days));
  const account = await write(at(0), {}, (tx) =>
    createAccount(tx, { name: 'A', kind: 'live', currency: 'EUR' }),
  );
  const watched = [ending(31), ending(29), ending(-5), ending(-40)];
  await Promise.all([at(0), at(0), at(0)].map((ctx) => warnOfExpiry(ctx, watched)));
  assert.deepEqual((await eventsOf(at(0), 'certificate.expiring')).map((event) => event.resource_id).sort(), [
    'AB-5',
    'AB29',
  ]);
  await warnOfExpiry(at(0), watched);
  assert.equal((await eventsOf(at(0), 'certificate.expiring')).length, 2);
  assert.equal(await warnOfExpiry(at(1.5), [ending(29)]), 1, 'the next day again');
  const [event] = await eventsOf(at(0), 'certificate.expiring');
  assert.equal(event?.account_id, account.id);
  assert.deepEqual(Object.keys(event?.data ?? {}).sort(), ['notAfter', 'path', 'role', 'subject']);
});

test('who has profile types is told; where nobody has, every account but subaccounts is', async () => {
  await startAfresh();
  const ctx = testCtx(database, testNow);
  const [first, second] = await write(ctx, {}, async (tx) => [
    await createAccount(tx, { name: 'A', kind: 'live', currency: 'EUR' }),
    await createAccount(tx, { name: 'B', kind: 'live', currency: 'EUR' }),
  ]);
  assert.ok(first && second);
  await write(ctx, {}, (tx) => createSubaccount(tx, { parentId: first.id, name: 'sub' }));
  await warnOfExpiry(ctx, [ending(1)]);
  const told = async () => (await eventsOf(ctx, 'certificate.expiring')).map((event) => event.account_id);
  assert.deepEqual((await told()).sort(), [first.id, second.id].sort());
  await write(ctx, {}, (tx) =>
    createProfileType(tx, second.id, {
      name: 'own',
      personalisation: 'full',
      metadata: { serviceProviderName: 'B', profileName: 'B', profileClass: 'operational' },
    }),
  );
  await warnOfExpiry(ctx, [ending(2)]);
  assert.deepEqual((await told()).slice(2), [second.id]);
});

test('a revocation list is told of when it is late, not before', async () => {
  await startAfresh();
  const ctx = testCtx(database, testNow);
  assert.equal(await warnOfExpiry(ctx, [ending(3, { role: 'CRL' })]), 0);
  assert.equal(await warnOfExpiry(ctx, [ending(-3, { role: 'CRL' })]), 1);
});

test('a reload is told once, whichever nodes did it', async () => {
  await startAfresh();
  const ctx = testCtx(database, testNow);
  await write(ctx, {}, (tx) => createAccount(tx, { name: 'A', kind: 'live', currency: 'EUR' }));
  const reload = { fingerprint: 'ABCD', certificates: [ending(300)] };
  await Promise.all([1, 2, 3].map(() => tellReloaded(ctx, reload)));
  const [event, ...more] = await eventsOf(ctx, 'certificate.reloaded');
  assert.equal(more.length, 0);
  assert.match(JSON.stringify(event?.data), /"role": ?"DPauth"/);
});

test('watched are the certificates with a key, the CIs and the lists; what a longer one replaces is not', () => {
  const files = testFiles({
    smdpAddress: testAddress,
    now: testNow,
    smdsAddress: 'ds.example.com',
    validityYears: 1,
  });
  const roles = (pki = readPki(files)) => watchedCertificates(pki).map(({ role }) => role);
  assert.deepEqual(roles(), ['CI', 'DPauth', 'DPpb', 'DPtls', 'DSauth', 'DStls']);
  assert.deepEqual(roles(readPki(files.filter(({ path }) => !path.startsWith('DPtls/SK')))), [
    'CI',
    'DPauth',
    'DPpb',
    'DSauth',
    'DStls',
  ]);
  // The new TLS certificate is of a year later.
  const kept = files.filter(({ path }) => !path.startsWith('DPtls'));
  const renewed = completeTestPki(readPki(kept), { smdpAddresses: [testAddress], now: inDays(100) });
  const both = readPki([...files, ...[...renewed].map(([path, bytes]) => ({ path, bytes }))]);
  const tls = watchedCertificates(both).filter(({ role }) => role === 'DPtls');
  assert.equal(tls.length, 1);
});

test('a list is watched under the name of its issuer, by its next update', () => {
  const key = generateSigningKey('P-256');
  const crl = readCrl(
    makeCrl({
      issuer: { name: { commonName: 'CI' }, key },
      thisUpdate: testNow,
      nextUpdate: inDays(7),
      revoked: [],
    }),
  );
  const [watched] = watchedCertificates(readPki([]), [{ crl, source: 'http://ci.example/crl' }]);
  assert.deepEqual(
    [watched?.role, watched?.notAfter, watched?.path],
    ['CRL', inDays(7), 'http://ci.example/crl'],
  );
});
