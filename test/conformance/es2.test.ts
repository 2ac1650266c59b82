import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toBase64 } from '../../src/base/bytes.ts';
import { installationResult } from '../../src/modules/smdp/testing/test_card.ts';
import { makeIdentity } from '../../src/modules/smdp/testing/test_es2.ts';
import { openTestOperator } from '../../src/modules/smdp/testing/test_operator.ts';
import { es2Caller, es2CodesOf, es2Operator } from './es2_kit.ts';
import { startKits } from './kit.ts';
import { authenticate, codesOf, download, install, notify } from './lpa.ts';
import { atSmds } from './smds_kit.ts';

const success = { functionExecutionStatus: { status: 'Executed-Success' } };
const type = 'overair-usim';

for (const { curve, kit } of await startKits()) {
  const operator = await es2Operator(kit, curve);
  const { call, codes, newIccid } = operator;
  const stateOf = async (iccid: string) => (await kit.profile(iccid))['state'];
  const ordered = async (members: object = {}) => {
    const iccid = await newIccid();
    assert.equal(await codes('downloadOrder', { iccid, ...members }), '-');
    return iccid;
  };
  const available = { finalProfileStatusIndicator: 'Available' };

  // ---- DownloadOrder

  test(`${curve}: DownloadOrder by ICCID allocates that profile`, async () => {
    const iccid = await newIccid();
    assert.deepEqual(await call('downloadOrder', { iccid }), { header: success, iccid });
    assert.equal(await stateOf(iccid), 'allocated');
  });

  test(`${curve}: DownloadOrder by profile type gives the ICCID that was chosen`, async () => {
    const { header, iccid, ...more } = await call('downloadOrder', { profileType: type });
    assert.deepEqual([header, more], [success, {}]);
    assert.match(iccid, /^\d{19,20}$/);
    assert.equal(await stateOf(iccid), 'allocated');
  });

  test(`${curve}: DownloadOrder with an EID links the profile to it`, async () => {
    for (const members of [{ iccid: await newIccid() }, { profileType: type }]) {
      const eid = kit.newCard(curve).eid;
      const { iccid } = await call('downloadOrder', { ...members, eid });
      assert.deepEqual([await stateOf(iccid), (await kit.profile(iccid))['eid']], ['linked', eid]);
    }
  });

  test(`${curve}: DownloadOrder of an unknown ICCID is refused with 8.2.1/3.9`, async () => {
    assert.equal(await codes('downloadOrder', { iccid: '8949000000000000000F' }), '8.2.1/3.9');
  });

  test(`${curve}: DownloadOrder of an ICCID that is in use is refused with 8.2.1/3.3`, async () => {
    const iccid = await ordered();
    assert.equal(await codes('downloadOrder', { iccid, eid: kit.newCard(curve).eid }), '8.2.1/3.3');
    const { iccid: sold } = await kit.order();
    assert.equal(await codes('downloadOrder', { iccid: sold }), '8.2.1/3.3');
  });

  test(`${curve}: DownloadOrder of an unknown profile type is refused with 8.2.5/3.9`, async () => {
    assert.equal(await codes('downloadOrder', { profileType: 'NO_SUCH_TYPE' }), '8.2.5/3.9');
  });

  test(`${curve}: DownloadOrder with an ICCID of another profile type is refused with 8.2.5/3.8`, async () => {
    const iccid = await newIccid();
    assert.equal(await codes('downloadOrder', { iccid, profileType: 'other' }), '8.2.5/3.8');
  });

  test(`${curve}: DownloadOrder repeated with the same input is a resend`, async () => {
    const iccid = await ordered();
    assert.deepEqual(await call('downloadOrder', { iccid }), { header: success, iccid });
  });

  test(`${curve}: DownloadOrder, CancelOrder and DownloadOrder with all identifiers equal succeed`, async () => {
    const iccid = await ordered();
    assert.equal(await codes('cancelOrder', { iccid, ...available }), '-');
    assert.equal(await codes('downloadOrder', { iccid }), '-');
    assert.equal(await stateOf(iccid), 'allocated');
  });

  // ---- ConfirmOrder

  test(`${curve}: ConfirmOrder with releaseFlag releases the profile under the matching id that was given`, async () => {
    const iccid = await ordered();
    const matchingId = `MATCHING-ID-${curve}`;
    const answer = await call('confirmOrder', { iccid, matchingId, releaseFlag: true });
    assert.deepEqual(answer, { header: success, matchingId, smdpAddress: kit.server.smdpAddress });
    await install(kit, kit.card(), { matchingId });
    assert.equal(await stateOf(iccid), 'installed');
  });

  test(`${curve}: ConfirmOrder without matching id makes one, and a confirmation code is asked for`, async () => {
    const iccid = await ordered();
    const { matchingId } = await call('confirmOrder', {
      iccid,
      confirmationCode: '4711',
      releaseFlag: true,
    });
    assert.match(matchingId, /^[0-9A-Z-]{1,255}$/);
    const refused = await download(kit, kit.card(), { matchingId }).catch((error) => error);
    assert.match(String(refused), /8\.2\.7/);
    await download(kit, kit.card(), { matchingId, confirmationCode: '4711' });
  });

  test(`${curve}: ConfirmOrder with an EID and an empty matching id is for the default SM-DP+`, async () => {
    const card = kit.newCard(curve);
    const iccid = await ordered({ eid: card.eid });
    const answer = await call('confirmOrder', { iccid, eid: card.eid, matchingId: '', releaseFlag: true });
    assert.deepEqual([answer.eid, answer.matchingId], [card.eid, '']);
    await install(kit, card, { matchingId: '' });
    assert.equal(await stateOf(iccid), 'installed');
  });

  test(`${curve}: ConfirmOrder with an SM-DS registers an event for the EID`, async () => {
    const card = kit.newCard(curve);
    const iccid = await ordered({ eid: card.eid });
    const members = { iccid, eid: card.eid, smdsAddress: kit.server.smdsAddress, releaseFlag: true };
    const { matchingId } = await call('confirmOrder', members);
    const { eventEntries } = await authenticate(atSmds(kit), card);
    assert.deepEqual(eventEntries, [{ eventId: matchingId, rspServerAddress: kit.server.smdpAddress }]);
    assert.equal(await stateOf(iccid), 'released');
  });

  test(`${curve}: ConfirmOrder without releaseFlag leaves the profile confirmed`, async () => {
    const iccid = await ordered();
    const { matchingId } = await call('confirmOrder', { iccid, releaseFlag: false });
    assert.equal(await stateOf(iccid), 'confirmed');
    const answer = await authenticate(kit, kit.card(), { matchingId });
    assert.equal(codesOf(answer), '8.2/1.2');
  });

  test(`${curve}: ConfirmOrder of an unknown ICCID is refused with 8.2.1/3.9, of one not ordered with 8.2.1/3.5`, async () => {
    assert.equal(
      await codes('confirmOrder', { iccid: '8949000000000000000', releaseFlag: true }),
      '8.2.1/3.9',
    );
    assert.equal(await codes('confirmOrder', { iccid: await newIccid(), releaseFlag: true }), '8.2.1/3.5');
  });

  test(`${curve}: ConfirmOrder with a matching id that is taken is refused with 8.2.6/3.3`, async () => {
    const { matchingId } = await kit.order();
    const iccid = await ordered();
    assert.equal(await codes('confirmOrder', { iccid, matchingId, releaseFlag: true }), '8.2.6/3.3');
    assert.equal(await stateOf(iccid), 'allocated');
  });

  test(`${curve}: ConfirmOrder with an SM-DS that cannot be reached is refused with 8.9/5.1`, async () => {
    const eid = kit.newCard(curve).eid;
    const iccid = await ordered({ eid });
    const members = { iccid, smdsAddress: 'localhost:1', releaseFlag: true };
    assert.equal(await codes('confirmOrder', members), '8.9/5.1');
    assert.equal(await stateOf(iccid), 'linked');
    assert.equal(await codes('confirmOrder', { iccid, releaseFlag: true }), '-');
  });

  test(`${curve}: ConfirmOrder with neither EID nor matching id is refused with 8.1.1/2.2`, async () => {
    const iccid = await ordered();
    assert.equal(await codes('confirmOrder', { iccid, matchingId: '', releaseFlag: true }), '8.1.1/2.2');
  });

  test(`${curve}: ConfirmOrder with another EID is refused with 8.1.1/3.10`, async () => {
    const iccid = await ordered({ eid: kit.newCard(curve).eid });
    const eid = kit.newCard(curve).eid;
    assert.equal(await codes('confirmOrder', { iccid, eid, releaseFlag: true }), '8.1.1/3.10');
  });

  // ---- CancelOrder

  test(`${curve}: CancelOrder gives the profile back, or makes it unavailable`, async () => {
    const iccid = await ordered();
    const { matchingId } = await call('confirmOrder', { iccid, releaseFlag: true });
    assert.equal(await codes('cancelOrder', { iccid, matchingId, ...available }), '-');
    assert.equal(codesOf(await authenticate(kit, kit.card(), { matchingId })), '8.2.6/3.8');
    assert.equal(await codes('downloadOrder', { iccid }), '-');
    const members = { iccid, finalProfileStatusIndicator: 'Unavailable' };
    assert.deepEqual(await call('cancelOrder', members), { header: success });
    assert.equal(await stateOf(iccid), 'unavailable');
  });

  test(`${curve}: CancelOrder of an order with an SM-DS takes its event back`, async () => {
    const card = kit.newCard(curve);
    const iccid = await ordered({ eid: card.eid });
    const smdsAddress = kit.server.smdsAddress;
    await call('confirmOrder', { iccid, smdsAddress, releaseFlag: true });
    assert.equal(await codes('cancelOrder', { iccid, eid: card.eid, ...available }), '-');
    for (let tries = 0; tries < 500; tries++)
      if ((await authenticate(atSmds(kit), card)).eventEntries.length === 0) return;
    assert.fail('the event is still there');
  });

  test(`${curve}: CancelOrder is refused: unknown 8.2.1/3.9, not ordered 8.2.1/3.5, EID missing 8.1.1/2.2, other 8.1.1/3.10, matching id 8.2.6/3.10`, async () => {
    const eid = kit.newCard(curve).eid;
    const iccid = await ordered({ eid });
    await call('confirmOrder', { iccid, releaseFlag: true });
    const other = kit.newCard(curve).eid;
    for (const [members, expected] of [
      [{ iccid: '8949000000000000000' }, '8.2.1/3.9'],
      [{ iccid: await newIccid() }, '8.2.1/3.5'],
      [{ iccid }, '8.1.1/2.2'],
      [{ iccid, eid: other }, '8.1.1/3.10'],
      [{ iccid, eid, matchingId: 'OTHER' }, '8.2.6/3.10'],
    ] as const)
      assert.equal(await codes('cancelOrder', { ...members, ...available }), expected);
    assert.equal(await stateOf(iccid), 'released');
  });

  test(`${curve}: CancelOrder of an installed profile is refused with 8.2.1/3.5`, async () => {
    const iccid = await ordered();
    const { matchingId } = await call('confirmOrder', { iccid, releaseFlag: true });
    await install(kit, kit.card(), { matchingId });
    assert.equal(await codes('cancelOrder', { iccid, ...available }), '8.2.1/3.5');
    assert.equal(await stateOf(iccid), 'installed');
  });

  // ---- ReleaseProfile

  test(`${curve}: ReleaseProfile releases a confirmed profile, and refuses any other with 8.2.1/3.5`, async () => {
    const iccid = await ordered();
    assert.equal(await codes('releaseProfile', { iccid }), '8.2.1/3.5');
    const { matchingId } = await call('confirmOrder', { iccid, releaseFlag: false });
    assert.deepEqual(await call('releaseProfile', { iccid }), { header: success });
    await install(kit, kit.card(), { matchingId });
    assert.equal(await codes('releaseProfile', { iccid }), '8.2.1/3.5');
    assert.equal(await codes('releaseProfile', { iccid: '8949000000000000000' }), '8.2.1/3.9');
  });

  // ---- HandleDownloadProgressInfo

  test(`${curve}: the operator is told of the delivery and of the installation`, async () => {
    const receiver = await openTestOperator();
    const told = await es2Operator(kit, curve, { progressUrl: receiver.url, progressCa: receiver.ca });
    const card = kit.card();
    const { iccid } = await told.call('downloadOrder', { profileType: type });
    const { matchingId } = await told.call('confirmOrder', { iccid, releaseFlag: true });
    const bound = await download(kit, card, { matchingId });
    const pendingNotification = installationResult(card, bound.transactionId, { iccid });
    await notify(kit, pendingNotification);
    const reports = await receiver.until(2);
    assert.deepEqual(
      reports.map((each) => [each.iccid, each.notificationPointId, each.notificationPointStatus.status]),
      [
        [iccid, 3, 'Executed-Success'],
        [iccid, 4, 'Executed-Success'],
      ],
    );
    assert.equal(reports[1]?.resultData, toBase64(pendingNotification));
  });

  // ---- Who calls

  test(`${curve}: without a client certificate the answer is 401, with an unknown one 403, with another's identifier 403`, async () => {
    const header = { functionRequesterIdentifier: operator.identifier, functionCallIdentifier: 'x' };
    const members = { header, profileType: type };
    const stranger = makeIdentity({ commonName: 'operator', curve });
    const other = await es2Operator(kit, curve);
    for (const [identity, expected] of [
      [undefined, 'HTTP 401'],
      [stranger, 'HTTP 403'],
      [other.identity, 'HTTP 403'],
      [operator.identity, '-'],
    ] as const)
      assert.equal(es2CodesOf(await es2Caller(kit, identity).post('downloadOrder', members)), expected);
  });
}
