import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { toBase64, toHex } from '../../src/base/bytes.ts';
import { generateSigningKey } from '../../src/crypto/signing_key.ts';
import { cancel, installationResult } from '../../src/modules/smdp/testing/test_card.ts';
import { writeCancelSessionResponse } from '../../src/rsp/asn1/cancel_session_response.ts';
import { startKits } from './kit.ts';
import {
  authenticate,
  bind,
  call,
  cancelSession,
  codesOf,
  download,
  initiate,
  install,
  notify,
  offered,
  proofOf,
} from './lpa.ts';

const reasons: [code: number, name: string, staysOpen: boolean][] = [
  [0, 'endUserRejection', false],
  [1, 'postponed', true],
  [2, 'timeout', true],
  [3, 'pprNotAllowed', false],
  [4, 'metadataMismatch', false],
  [5, 'loadBppExecutionError', false],
  [127, 'undefinedReason', false],
  [99, 'a reason of a later version', false],
];

for (const { curve, kit } of await startKits()) {
  const card = kit.card();

  for (const [code, name, staysOpen] of reasons)
    test(`${curve}: ${name} ends the session, and the order ${staysOpen ? 'stays open' : 'too'}`, async () => {
      const { iccid, matchingId } = await kit.order();
      const offer = await offered(kit, card, { matchingId });
      const answer = await cancelSession(kit, card, offer.transactionId, code);
      assert.deepEqual(answer, { header: { functionExecutionStatus: { status: 'Executed-Success' } } });
      assert.equal((await kit.profile(iccid))['state'], staysOpen ? 'released' : 'error');
      assert.equal(codesOf(await bind(kit, card, offer)), '8.10.1/3.9');
      assert.equal(codesOf(await authenticate(kit, card, { matchingId })), staysOpen ? '-' : '8.2/1.2');
    });

  test(`${curve}: a session is cancelled after the package was delivered as well`, async () => {
    const { iccid, matchingId } = await kit.order();
    const { offer } = await download(kit, card, { matchingId });
    assert.equal(codesOf(await cancelSession(kit, card, offer.transactionId, 5)), '-');
    assert.equal((await kit.profile(iccid))['state'], 'error');
    await notify(kit, installationResult(card, offer.transactionId));
    assert.equal((await kit.profile(iccid))['state'], 'error');
  });

  test(`${curve}: a download put off after the package was delivered is delivered again`, async () => {
    const { matchingId } = await kit.order();
    const { offer } = await download(kit, card, { matchingId });
    assert.equal(codesOf(await cancelSession(kit, card, offer.transactionId, 1)), '-');
    await install(kit, card, { matchingId });
  });

  test(`${curve}: an installed profile cannot be cancelled`, async () => {
    const { iccid, matchingId } = await kit.order();
    const { offer } = await install(kit, card, { matchingId });
    assert.equal(codesOf(await cancelSession(kit, card, offer.transactionId, 0)), '8.10.1/3.9');
    assert.equal((await kit.profile(iccid))['state'], 'installed');
  });

  const key = generateSigningKey(curve);
  const refusals: [name: string, changes: Parameters<typeof cancel>[3], codes: string][] = [
    ['a signature by another key', { key }, '8.1/6.1'],
    ['another transaction id inside', { transactionId: randomBytes(16) }, '8.10.1/3.9'],
    ['the OID of another SM-DP+', { smdpOid: '2.999.11' }, '8.8/3.10'],
    [
      'another transaction id and another OID',
      { transactionId: randomBytes(16), smdpOid: '2.999.11' },
      '8.10.1/3.9',
    ],
    ['a wrong signature and another transaction id', { key, transactionId: randomBytes(16) }, '8.1/6.1'],
  ];
  for (const [name, changes, codes] of refusals)
    test(`${curve}: ${name}: ${codes}, and the session goes on`, async () => {
      const { iccid, matchingId } = await kit.order();
      const offer = await offered(kit, card, { matchingId });
      assert.equal(codesOf(await cancelSession(kit, card, offer.transactionId, 0, changes)), codes);
      assert.equal((await kit.profile(iccid))['state'], 'released');
      assert.equal(codesOf(await bind(kit, card, offer)), '-');
    });

  test(`${curve}: an unknown transaction id, and one whose eUICC is not known yet, is refused`, async () => {
    const { transactionId } = proofOf(await initiate(kit, card));
    for (const id of [randomBytes(16), transactionId])
      assert.equal(codesOf(await cancelSession(kit, card, id, 0)), '8.10.1/3.9');
  });

  test(`${curve}: an eUICC that refuses to cancel is answered Failed, and nothing has changed`, async () => {
    const { matchingId } = await kit.order();
    const offer = await offered(kit, card, { matchingId });
    const answer = await call(kit, 'cancelSession', {
      transactionId: toHex(offer.transactionId),
      cancelSessionResponse: toBase64(writeCancelSessionResponse({ cancelSessionResponseError: 5 })),
    });
    assert.equal(codesOf(answer), '8.1/4.2');
    assert.equal(codesOf(await bind(kit, card, offer)), '-');
  });

  test(`${curve}: a member that is missing or cannot be read is answered Failed`, async () => {
    const { matchingId } = await kit.order();
    const { transactionId } = await offered(kit, card, { matchingId });
    const whole = {
      transactionId: toHex(transactionId),
      cancelSessionResponse: toBase64(cancel(card, transactionId, 0)),
    };
    for (const member of Object.keys(whole))
      for (const value of [
        undefined,
        null,
        1,
        [],
        {},
        '§',
        ...(member === 'transactionId' ? [] : ['', 'MAA=']),
      ]) {
        const answer = await call(kit, 'cancelSession', { ...whole, [member]: value });
        assert.match(codesOf(answer), /^(1\.6\/2\.1|8\.10\.1\/3\.9)$/, `${member} ${JSON.stringify(value)}`);
      }
    assert.equal(codesOf(await call(kit, 'cancelSession', whole)), '-');
  });
}
