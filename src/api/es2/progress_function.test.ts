import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { present } from '../../base/assert.ts';
import { toBase64 } from '../../base/bytes.ts';
import { createAccount } from '../../modules/accounts/index.ts';
import { putProducts } from '../../modules/catalogue/index.ts';
import {
  type Esim,
  followProfile,
  getEsim,
  listEsimsOfOrder,
  moveEsimRow,
} from '../../modules/esims/index.ts';
import { fulfilOrders, placeOrder } from '../../modules/orders/index.ts';
import { registerRemote } from '../../modules/orders/test_remote_type.ts';
import { openShop, shopProducts } from '../../modules/orders/test_shop.ts';
import { createRemoteClients, orderRemotely } from '../../modules/remote_smdp/index.ts';
import type { RspCallError } from '../../outgoing/rsp_call_error.ts';
import { createRspClient } from '../../outgoing/rsp_client.ts';
import { settingsOf, startTestRemoteSmdp } from '../../outgoing/test_remote_smdp.ts';
import { type TestIdentity, testIdentity } from '../../outgoing/test_rsp_server.ts';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { writeNotificationMetadata } from '../../rsp/asn1/notification_metadata.ts';
import {
  type FinalResult,
  writeProfileInstallationResult,
  writeProfileInstallationResultData,
} from '../../rsp/asn1/profile_installation_result.ts';
import { testEid } from '../../rsp/pki/make_test_pki.ts';
import { createRspServer } from '../rsp/index.ts';
import { es2Progress } from './index.ts';

const database = await testDatabase();
const ctx = testCtx(database, new Date());
const { id: accountId } = await openShop(ctx, { balanceMinor: 1_000_000n });
const remote = await startTestRemoteSmdp();
await registerRemote(ctx, accountId, settingsOf(remote));
await putProducts(ctx, [{ ...shopProducts[0]!, name: 'remote_1GB', profileType: 'remote-usim' }]);
const clients = createRemoteClients();
after(() => clients.close());

const here = testIdentity();
const server = await createRspServer({
  host: '127.0.0.1',
  port: 0,
  tls: here.identity,
  asksForCertificate: true,
  serve: (app) => void app.register(es2Progress, { ctxFor: () => ({ ...ctx, profileMoved: followProfile }) }),
});
after(() => server.close());

const callers = new Map<TestIdentity | null, ReturnType<typeof createRspClient>>();
after(() => {
  for (const client of callers.values()) client.close();
});

/** Sends the report as the remote SM-DP+, or as `by`. */
async function send(body: object, by: TestIdentity | null = remote.server.own): Promise<void> {
  const client = callers.get(by) ?? createRspClient({ ca: [here.ca], ...(by && { identity: by.identity }) });
  callers.set(by, client);
  await client.call({
    baseUrl: `https://localhost:${server.port}`,
    path: '/gsma/rsp2/es2plus/handleDownloadProgressInfo',
    body,
    answers: false,
  });
}

let calls = 0;
const start = Date.now();
/** Each a second later than the one before. */
const reportOf = (iccid: string, point: number, more: object = {}) => ({
  header: { functionRequesterIdentifier: 'them', functionCallIdentifier: `progress-${++calls}` },
  eid: testEid,
  iccid,
  profileType: 'THEIRS',
  timestamp: new Date(start - 3_600_000 + calls * 1000).toISOString().replace(/\.\d+/, ''),
  notificationPointId: point,
  notificationPointStatus: { status: 'Executed-Success' },
  ...more,
});
const failed = (subjectCode: string, reasonCode: string) => ({
  notificationPointStatus: { status: 'Failed', statusCodeData: { subjectCode, reasonCode, message: 'No.' } },
});
const tell = (esim: Esim, point: number, more: object = {}) => send(reportOf(esim.iccid, point, more));

async function newEsim(): Promise<Esim> {
  const order = await placeOrder(ctx, { accountId, currency: 'EUR', lines: [{ product: 'remote_1GB' }] });
  const fulfil = () => fulfilOrders(ctx, { smdpAddress: 'own.example.com' });
  do await fulfil();
  while ((await orderRemotely(ctx, clients)) > 0);
  await fulfil();
  const [esim] = await listEsimsOfOrder(ctx, { accountId, orderId: order.id, limit: 1 });
  return present(esim, 'an eSIM');
}

const see = async ({ id }: Esim, of = accountId) => {
  const { state, enabled, eid, failure } = await getEsim(ctx, { accountId: of, idOrIccid: id });
  return { state, enabled, eid, failure: failure?.code ?? null };
};
const eventsOf = async (resourceId: string) =>
  (
    await query<{ type: string }>(
      ctx.db,
      'select type from events.events where resource_id = $1 order by tx, position',
      [resourceId],
    )
  ).map(({ type }) => type);

function resultData(iccid: string, finalResult: FinalResult): string {
  const notificationMetadata = writeNotificationMetadata({
    seqNumber: 1,
    profileManagementOperation: 'install',
    notificationAddress: 'theirs.example.com',
    iccid,
  });
  const data = writeProfileInstallationResultData({
    transactionId: Buffer.alloc(16, 1),
    notificationMetadata,
    smdpOid: '2.999.10',
    finalResult,
  });
  return toBase64(writeProfileInstallationResult(data, Buffer.alloc(64, 2)));
}

const success = { successResult: { aid: Buffer.alloc(16, 9), simaResponse: Buffer.of(0x30, 0) } };
const errorResult = (errorReason: number) => ({ errorResult: { bppCommandId: 5, errorReason } });

test('delivered, installed, enabled, disabled, deleted: the eSIM follows, and events tell it', async () => {
  const esim = await newEsim();
  await tell(esim, 3);
  assert.deepEqual(await see(esim), { state: 'downloaded', enabled: false, eid: testEid, failure: null });
  await tell(esim, 4, { resultData: resultData(esim.iccid, success) });
  assert.equal((await see(esim)).state, 'installed');
  await tell(esim, 101);
  assert.deepEqual(await see(esim), { state: 'installed', enabled: true, eid: testEid, failure: null });
  await tell(esim, 102);
  assert.equal((await see(esim)).enabled, false);
  await tell(esim, 103);
  assert.equal((await see(esim)).state, 'deleted');
  const kinds = ['downloaded', 'installed', 'enabled', 'disabled', 'deleted'];
  assert.deepEqual(
    await eventsOf(esim.iccid),
    kinds.map((kind) => `profile.${kind}`),
  );
  assert.deepEqual(await eventsOf(esim.id), [
    'esim.reserved',
    'esim.available',
    ...kinds.map((kind) => `esim.${kind}`),
  ]);
});

test('a report that comes twice, or late, changes nothing', async () => {
  const esim = await newEsim();
  const delivered = reportOf(esim.iccid, 3);
  const failedOnce = reportOf(esim.iccid, 4, {
    ...failed('8.2.1', '4.2'),
    resultData: resultData(esim.iccid, errorResult(10)),
  });
  for (const report of [delivered, delivered, failedOnce]) await send(report);
  assert.equal((await see(esim)).state, 'available');
  await send(delivered);
  const renamed = { ...delivered, header: { ...delivered.header, functionCallIdentifier: 'another' } };
  await send(renamed);
  assert.equal((await see(esim)).state, 'available');
  assert.deepEqual(await eventsOf(esim.iccid), ['profile.downloaded', 'profile.download_failed']);
  await Promise.all([1, 2, 3, 4].map(() => send({ ...renamed, timestamp: new Date().toISOString() })));
  assert.equal((await see(esim)).state, 'downloaded');
  assert.equal((await eventsOf(esim.iccid)).length, 3);
});

test('an enabled profile was installed, also when that was never told', async () => {
  const esim = await newEsim();
  await tell(esim, 101);
  assert.deepEqual((await see(esim)).enabled, true);
  assert.deepEqual(await eventsOf(esim.iccid), ['profile.installed', 'profile.enabled']);
});

const failures: [name: string, point: number, more: (iccid: string) => object, state: string][] = [
  ['an eUICC that is not eligible', 1, () => failed('8.2.5', '4.3'), 'downloaded'],
  ['too many downloads', 1, () => failed('8.8.5', '6.4'), 'failed'],
  ['an order that expired', 1, () => failed('8.8.5', '4.10'), 'failed'],
  ['a wrong confirmation code', 2, () => failed('8.2.7', '3.8'), 'downloaded'],
  ['too many confirmation codes', 2, () => failed('8.2.7', '6.4'), 'failed'],
  ['a package that was not delivered', 3, () => failed('8.2', '3.7'), 'downloaded'],
  [
    'an installation that can be tried again',
    4,
    (iccid) => ({ ...failed('8', '4.2'), resultData: resultData(iccid, errorResult(11)) }),
    'available',
  ],
  [
    'an installation that cannot',
    4,
    (iccid) => ({ ...failed('8', '4.2'), resultData: resultData(iccid, errorResult(13)) }),
    'failed',
  ],
  ['an installation that failed without words', 4, () => failed('8', '4.2'), 'failed'],
  [
    'an installation whose words are no DER',
    4,
    () => ({ ...failed('8', '4.2'), resultData: '!!' }),
    'failed',
  ],
  [
    'an installation told as failed by the server alone',
    4,
    (iccid) => ({ ...failed('8', '4.2'), resultData: resultData(iccid, success) }),
    'installed',
  ],
  [
    'a result of another profile',
    4,
    () => ({ resultData: resultData('8949000000000000018', errorResult(13)) }),
    'installed',
  ],
  ['a point that nobody knows', 77, () => ({}), 'downloaded'],
  ['a point as text', 4, () => ({ notificationPointId: '4' }), 'installed'],
];
for (const [name, point, more, state] of failures) {
  test(`${name} leaves a downloaded eSIM ${state}`, async () => {
    const esim = await newEsim();
    await tell(esim, 3);
    await tell(esim, point, more(esim.iccid));
    assert.equal((await see(esim)).state, state);
  });
}

test('a failed eSIM says why', async () => {
  const esim = await newEsim();
  await tell(esim, 2, failed('8.2.7', '6.4'));
  const { failure } = await getEsim(ctx, { accountId, idOrIccid: esim.id });
  assert.deepEqual(failure, { code: 'download_failed', detail: '8.2.7/6.4 No.' });
});

test('only the server that made the profile is believed, and who is not known is refused at the door', async () => {
  const esim = await newEsim();
  const stranger = testIdentity();
  await assert.rejects(
    send(reportOf(esim.iccid, 3), stranger),
    (error: RspCallError) => error.status === 403,
  );
  await assert.rejects(send(reportOf(esim.iccid, 3), null), (error: RspCallError) => error.status === 401);
  const other = await startTestRemoteSmdp();
  await registerRemote(ctx, accountId, { ...settingsOf(other), name: 'other' });
  await send(reportOf(esim.iccid, 3), other.server.own);
  assert.equal((await see(esim)).state, 'available');
  await tell(esim, 3);
  assert.equal((await see(esim)).state, 'downloaded');
});

test('without a pinned certificate, one of the CA for the host of the server will do', async () => {
  const third = await startTestRemoteSmdp();
  const elsewhere = testIdentity({ host: 'elsewhere.example.com' });
  const ca = `${third.server.own.ca}${elsewhere.ca}`;
  await registerRemote(ctx, accountId, { ...settingsOf(third), name: 'by-ca', peerCertificates: [], ca });
  await send(reportOf('8949000000000000018', 3), third.server.own);
  await assert.rejects(
    send(reportOf('8949000000000000018', 3), elsewhere),
    (error: RspCallError) => error.status === 403,
  );
});

const malformed: [name: string, change: object][] = [
  ['no header', { header: undefined }],
  ['no iccid', { iccid: undefined }],
  ['an iccid of letters', { iccid: 'abc' }],
  ['an eid of 31 digits', { eid: '1'.repeat(31) }],
  ['a timestamp that is none', { timestamp: 'yesterday' }],
  ['a timestamp of the 13th month', { timestamp: '2026-13-01T00:00:00Z' }],
  ['a point that is no number', { notificationPointId: 'four' }],
  ['a status that is none', { notificationPointStatus: { status: 'Perhaps' } }],
  ['an unknown ICCID', { iccid: '8949000000000000018' }],
];
for (const [name, change] of malformed) {
  test(`a report with ${name} is answered like any other, and changes nothing`, async () => {
    const esim = await newEsim();
    await send({ ...reportOf(esim.iccid, 3), ...change });
    assert.equal((await see(esim)).state, 'available');
  });
}

test('a clock that is far ahead does not make what follows late', async () => {
  const esim = await newEsim();
  await tell(esim, 3, { timestamp: '2999-01-01T00:00:00Z' });
  await tell(esim, 4, { timestamp: new Date(Date.now() + 600_000).toISOString() });
  assert.equal((await see(esim)).state, 'installed');
});

test('a device that was quicker than the order finds an eSIM that knows it', async () => {
  const order = await placeOrder(ctx, {
    accountId,
    currency: 'EUR',
    lines: [{ product: 'remote_1GB', eid: testEid, delivery: 'default_smdp' }],
  });
  await fulfilOrders(ctx, { smdpAddress: 'own.example.com' });
  while ((await orderRemotely(ctx, clients)) > 0);
  const [row] = await query<{ iccid: string }>(
    ctx.db,
    'select iccid from remote_smdp.profiles where order_id = $1',
    [order.id],
  );
  await send(reportOf(present(row, 'a profile').iccid, 3));
  await fulfilOrders(ctx, { smdpAddress: 'own.example.com' });
  const [esim] = await listEsimsOfOrder(ctx, { accountId, orderId: order.id, limit: 1 });
  assert.equal((await see(present(esim, 'an eSIM'))).state, 'downloaded');
});

test('what becomes of an eSIM that went to another account is told to that one', async () => {
  const esim = await newEsim();
  const { id: toAccountId } = await write(ctx, {}, (tx) =>
    createAccount(tx, { name: 'Other', kind: 'sandbox', currency: 'EUR' }),
  );
  await write(ctx, {}, (tx) => moveEsimRow(tx, { accountId, esimId: esim.id, toAccountId }));
  await tell(esim, 3);
  assert.equal((await see(esim, toAccountId)).state, 'downloaded');
  const [event] = await query<{ account_id: string }>(
    ctx.db,
    "select account_id from events.events where resource_id = $1 and type = 'profile.downloaded'",
    [esim.iccid],
  );
  assert.equal(event?.account_id, toAccountId);
});
