import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { toBase64 } from '../../src/base/bytes.ts';
import { generateSigningKey } from '../../src/crypto/signing_key.ts';
import { failed, installationResult, otherNotification } from '../../src/modules/smdp/testing/test_card.ts';
import { writeEuiccResponse } from '../../src/rsp/asn1/euicc_response.ts';
import { type Kit, startKits } from './kit.ts';
import { authenticate, codesOf, download, install, notify, post } from './lpa.ts';

for (const { curve, kit } of await startKits()) {
  const card = kit.card();

  test(`${curve}: a successful installation makes the profile installed`, async () => {
    const { iccid, matchingId } = await kit.order();
    await install(kit, card, { matchingId, result: { iccid } });
    assert.equal(await stateOf(kit, iccid), 'installed');
    assert.equal(codesOf(await authenticate(kit, card, { matchingId })), '8.2/1.2');
  });

  test(`${curve}: a failed installation opens the profile again, and tells in words why it failed`, async () => {
    const { iccid, matchingId } = await kit.order();
    const simaResponse = writeEuiccResponse({ peStatus: [{ status: 3, identification: 12 }] });
    await install(kit, card, { matchingId, result: { finalResult: failed(5, 12, simaResponse) } });
    const { state, last_result } = await kit.profile(iccid);
    assert.deepEqual(
      [state, last_result.reason],
      ['released', 'PEProcessingError at element 12 (bad-values)'],
    );
    await install(kit, card, { matchingId, result: { seqNumber: 2 } });
    assert.equal(await stateOf(kit, iccid), 'installed');
  });

  test(`${curve}: an installation that the profile itself makes impossible ends the order`, async () => {
    const { iccid, matchingId } = await kit.order();
    await install(kit, card, { matchingId, result: { finalResult: failed(2, 15) } });
    const { state, last_result } = await kit.profile(iccid);
    assert.deepEqual([state, last_result.reason], ['error', 'pprNotAllowed at bppCommand storeMetadata']);
  });

  test(`${curve}: an installation result that comes twice counts once`, async () => {
    const { iccid, matchingId } = await kit.order();
    const { offer } = await download(kit, card, { matchingId });
    const result = installationResult(card, offer.transactionId, { finalResult: failed(5, 11) });
    await notify(kit, result);
    await download(kit, card, { matchingId });
    await notify(kit, result);
    assert.equal(await stateOf(kit, iccid), 'downloaded');
  });

  test(`${curve}: an installation result counts long after its session has ended`, async () => {
    const { iccid, matchingId } = await kit.order();
    const { offer } = await download(kit, card, { matchingId });
    await kit.sql('delete from smdp.sessions where transaction_id = $1', [offer.transactionId]);
    await notify(kit, installationResult(card, offer.transactionId));
    assert.equal(await stateOf(kit, iccid), 'installed');
  });

  test(`${curve}: what the eUICC tells of enabling, disabling and deleting is followed`, async () => {
    const { iccid, matchingId } = await kit.order();
    await install(kit, card, { matchingId, result: { iccid } });
    for (const [seqNumber, operation, expected] of [
      [2, 'enable', ['installed', true]],
      [3, 'disable', ['installed', false]],
      [4, 'enable', ['installed', true]],
      [5, 'disable', ['installed', false]],
      [6, 'delete', ['deleted', false]],
    ] as const) {
      const notification = otherNotification(card, operation, iccid, seqNumber);
      await notify(kit, notification);
      await notify(kit, notification);
      const { state, enabled } = await kit.profile(iccid);
      assert.deepEqual([state, enabled], expected, operation);
    }
  });

  test(`${curve}: a notification that comes late changes nothing that a later one told`, async () => {
    const { iccid, matchingId } = await kit.order();
    await install(kit, card, { matchingId });
    await notify(kit, otherNotification(card, 'enable', iccid, 4));
    await notify(kit, otherNotification(card, 'disable', iccid, 3));
    assert.equal((await kit.profile(iccid))['enabled'], true);
  });

  test(`${curve}: an eUICC that numbers every notification 0 is followed in the order of arrival`, async () => {
    const { iccid, matchingId } = await kit.order();
    await download(kit, card, { matchingId });
    for (const [operation, enabled] of [
      ['install', null],
      ['enable', true],
      ['disable', false],
      ['enable', true],
    ] as const) {
      await notify(kit, otherNotification(card, operation, iccid, 0));
      assert.deepEqual(
        [await stateOf(kit, iccid), (await kit.profile(iccid))['enabled']],
        ['installed', enabled],
      );
    }
  });

  test(`${curve}: an enabled profile counts as installed although its installation was never reported`, async () => {
    const { iccid, matchingId } = await kit.order();
    await download(kit, card, { matchingId });
    await notify(kit, otherNotification(card, 'enable', iccid, 7));
    assert.equal(await stateOf(kit, iccid), 'installed');
  });

  test(`${curve}: what is not proven is taken with 204 and changes nothing`, async () => {
    const { iccid, matchingId } = await kit.order();
    const { offer } = await download(kit, card, { matchingId });
    const { transactionId } = offer;
    const thief = kit.newCard(curve);
    const key = generateSigningKey(curve);
    const unproven: [name: string, notification: Uint8Array][] = [
      ['a result signed by another key', installationResult(card, transactionId, { key })],
      ['a result of an unknown transaction', installationResult(card, randomBytes(16))],
      [
        'a result that names another ICCID',
        installationResult(card, transactionId, { iccid: '8999701999999999996' }),
      ],
      ['a result of another eUICC', installationResult(thief, transactionId)],
      ['an enabling signed by another key', otherNotification(card, 'enable', iccid, 2, { key })],
      ['an enabling by an eUICC that has not this profile', otherNotification(thief, 'enable', iccid, 2)],
      [
        'a deletion with a certificate of somebody else',
        otherNotification(card, 'delete', iccid, 2, { euiccCertificate: card.eumCertificate }),
      ],
      ['an enabling of an unknown ICCID', otherNotification(card, 'enable', '8999701999999999996', 2)],
      ['no notification', Buffer.from('3003020100', 'hex')],
      ['a byte after the end', Buffer.concat([installationResult(card, transactionId), Buffer.alloc(1)])],
      ['nothing', Buffer.alloc(0)],
    ];
    for (const [name, notification] of unproven) {
      await notify(kit, notification);
      assert.equal(await stateOf(kit, iccid), 'downloaded', name);
    }
  });

  test(`${curve}: whatever else comes is taken with 204 too`, async () => {
    const bodies = ['', '{', 'null', '[]', '{}', '{"pendingNotification":1}', '{"pendingNotification":"§"}'];
    const strange = { 'x-admin-protocol': 'gsma/rsp/v9.0.0' };
    for (const answer of [
      ...(await Promise.all(bodies.map((body) => post(kit, 'handleNotification', body)))),
      await post(kit, 'handleNotification', { pendingNotification: toBase64(Buffer.alloc(0)) }, strange),
    ])
      assert.deepEqual([answer.status, answer.body.length], [204, 0]);
  });
}

async function stateOf(kit: Kit, iccid: string): Promise<string> {
  return (await kit.profile(iccid))['state'];
}
