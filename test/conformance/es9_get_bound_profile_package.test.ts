import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { concat, fromBase64, toBase64, toHex } from '../../src/base/bytes.ts';
import { certificateKey, readCertificate } from '../../src/crypto/certificate.ts';
import type { Curve } from '../../src/crypto/curve.ts';
import { verifyEcdsa } from '../../src/crypto/ecdsa.ts';
import { generateOneTimeKey } from '../../src/crypto/one_time_key.ts';
import { generateSigningKey } from '../../src/crypto/signing_key.ts';
import { octets } from '../../src/der/octets.ts';
import {
  failed,
  installationResult,
  openPackage,
  type PrepareChanges,
  prepareDownload,
} from '../../src/modules/smdp/testing/test_card.ts';
import { writePrepareDownloadResponse } from '../../src/rsp/asn1/prepare_download_response.ts';
import { readSmdpSigned2 } from '../../src/rsp/asn1/smdp_signed2.ts';
import { readStoreMetadata } from '../../src/rsp/asn1/store_metadata.ts';
import { readBoundProfilePackage } from '../../src/rsp/es8/read_bound_profile_package.ts';
import { inspectProfilePackage } from '../../src/rsp/profile/inspect_profile_package.ts';
import { type Kit, startKit, startKits } from './kit.ts';
import { curves, sgp26Missing } from './kit_certificates.ts';
import { authenticate, bind, call, codesOf, download, initiate, install, notify, offered } from './lpa.ts';

const kits = await startKits();
const gsma = sgp26Missing ? undefined : await startKit({ pki: 'sgp26' });

for (const { curve, kit } of kits) {
  const card = kit.card();
  const otherKey = generateSigningKey(curve);

  test(`${curve}: the package is signed by CERT.DPpb, opens with the eUICC's one-time key, and holds the profile`, async () => {
    const { iccid, matchingId } = await kit.order();
    const offer = await offered(kit, card, { matchingId });
    const otsk = generateOneTimeKey(curve);
    const answer = await bind(kit, card, offer, { otsk });
    assert.deepEqual(Object.keys(answer).sort(), ['boundProfilePackage', 'header', 'transactionId']);
    assert.equal(answer.transactionId, toHex(offer.transactionId));
    const bytes = fromBase64(answer.boundProfilePackage);
    const { initialiseSecureChannelRequest: start, sequenceOf86 } = readBoundProfilePackage(bytes);
    const key = certificateKey(readCertificate(offer.smdpCertificate));
    assert.ok(verifyEcdsa(key, concat(start.signedFields, octets(otsk.publicKey, 0x5f49)), start.smdpSign));
    assert.deepEqual(
      [start.remoteOpId, start.controlRefTemplate.keyType, start.controlRefTemplate.keyLen],
      [1, 0x88, 16],
    );
    assert.ok(start.controlRefTemplate.hostId.length >= 4);
    for (const { raw } of sequenceOf86) assert.ok(raw.length <= 1020, `${raw.length} bytes`);
    const opened = openPackage(card, bytes, otsk);
    assert.deepEqual(Buffer.from(opened.metadata), Buffer.from(offer.profileMetadata));
    assert.equal(inspectProfilePackage(opened.upp).iccid, iccid);
    assert.deepEqual(await stateOf(kit, iccid), ['downloaded', card.eid, 1]);
  });

  test(`${curve}: the transaction id may be written in any case`, async () => {
    const { matchingId } = await kit.order();
    const offer = await offered(kit, card, { matchingId });
    const outerTransactionId = toHex(offer.transactionId).toLowerCase();
    assert.equal(codesOf(await bind(kit, card, offer, { outerTransactionId })), '-');
  });

  test(`${curve}: the right confirmation code opens the profile`, async () => {
    const { matchingId } = await kit.order({ confirmationCode: '1234' });
    await download(kit, card, { matchingId, confirmationCode: '1234' });
  });

  test(`${curve}: a confirmation code may be missing, then wrong, then right in one session`, async () => {
    const { iccid, matchingId } = await kit.order({ confirmationCode: '1234' });
    const offer = await offered(kit, card, { matchingId });
    assert.equal(codesOf(await bind(kit, card, offer)), '8.2.7/2.2');
    assert.equal(codesOf(await bind(kit, card, offer, { confirmationCode: '4321' })), '8.2.7/3.8');
    assert.equal((await kit.profile(iccid))['confirmation_failures'], 1);
    assert.equal(codesOf(await bind(kit, card, offer, { confirmationCode: '1234' })), '-');
  });

  test(`${curve}: the fifth wrong confirmation code ends the order, in whichever sessions the others were`, async () => {
    const { iccid, matchingId } = await kit.order({ confirmationCode: '1234' });
    for (let failures = 1; failures <= 4; failures++) {
      const offer = await offered(kit, card, { matchingId });
      assert.equal(codesOf(await bind(kit, card, offer, { confirmationCode: '0000' })), '8.2.7/3.8');
    }
    const last = await offered(kit, card, { matchingId });
    assert.equal(codesOf(await bind(kit, card, last, { confirmationCode: '0000' })), '8.2.7/6.4');
    assert.equal(codesOf(await bind(kit, card, last, { confirmationCode: '1234' })), '8.2.7/6.4');
    assert.equal((await kit.profile(iccid))['state'], 'error');
    assert.equal(codesOf(await authenticate(kit, card, { matchingId })), '8.2/1.2');
  });

  const asks: [name: string, changes: PrepareChanges & { outerTransactionId?: string }, codes: string][] = [
    ['a transaction id that is unknown', { outerTransactionId: toHex(randomBytes(16)) }, '8.10.1/3.9'],
    ['a signature by another key', { key: otherKey }, '8.1/6.1'],
    ['another transaction id inside', { transactionId: randomBytes(16) }, '8.10.1/3.9'],
    ['a wrong signature and a wrong code', { key: otherKey, confirmationCode: '1' }, '8.1/6.1'],
    ['a one-time key off the curve', { euiccOtpk: concat(Uint8Array.of(4), Buffer.alloc(64, 1)) }, '1.6/2.1'],
    ['a one-time key at infinity', { euiccOtpk: Buffer.alloc(65) }, '1.6/2.1'],
    [
      'a one-time key of the other curve',
      { euiccOtpk: generateOneTimeKey(otherCurve(curve)).publicKey },
      '1.6/2.1',
    ],
    ['a confirmation code that nobody asked for', { confirmationCode: '1234' }, '-'],
  ];
  for (const [name, changes, codes] of asks)
    test(`${curve}: ${name}: ${codes}`, async () => {
      const { iccid, matchingId } = await kit.order();
      const offer = await offered(kit, card, { matchingId });
      assert.equal(codesOf(await bind(kit, card, offer, changes)), codes);
      assert.equal((await kit.profile(iccid))['state'], codes === '-' ? 'downloaded' : 'released');
    });

  const meanwhile: [name: string, columns: Record<string, unknown>, codes: string][] = [
    ['was withdrawn', { state: 'unavailable' }, '8.2/1.2'],
    ['was installed', { state: 'installed' }, '8.2/1.2'],
    ['was bound to another EID', { eid: '89049032999999999999999999999999' }, '8.1.1/3.8'],
    ['has expired', { expires_at: new Date('2026-01-01') }, '8.8.5/4.10'],
    ['has no attempt left', { download_attempts: 10 }, '8.8.5/6.4'],
  ];
  for (const [name, columns, codes] of meanwhile)
    test(`${curve}: a profile that ${name} since it was offered is not delivered: ${codes}`, async () => {
      const { iccid, matchingId } = await kit.order();
      const offer = await offered(kit, card, { matchingId });
      await kit.change(iccid, columns);
      assert.equal(codesOf(await bind(kit, card, offer)), codes);
    });

  test(`${curve}: an eUICC that refuses the offer ends the session, and the order stays open`, async () => {
    const { iccid, matchingId } = await kit.order();
    const offer = await offered(kit, card, { matchingId });
    const { transactionId } = offer;
    const refusal = writePrepareDownloadResponse({ downloadResponseError: { transactionId, errorCode: 1 } });
    const members = { transactionId: toHex(transactionId), prepareDownloadResponse: toBase64(refusal) };
    assert.equal(codesOf(await call(kit, 'getBoundProfilePackage', members)), '8.1/4.2');
    assert.equal(codesOf(await bind(kit, card, offer)), '8.10.1/3.9');
    assert.equal((await kit.profile(iccid))['state'], 'released');
  });

  test(`${curve}: a session that was not offered a profile cannot ask for one`, async () => {
    const { matchingId } = await kit.order();
    const offer = await offered(kit, card, { matchingId });
    const { transactionId } = await initiate(kit, card);
    assert.equal(codesOf(await bind(kit, card, offer, { outerTransactionId: transactionId })), '8.10.1/3.9');
  });

  test(`${curve}: the same one-time key gets the same binding, in this session and in the next`, async () => {
    const { matchingId } = await kit.order();
    const otsk = generateOneTimeKey(curve);
    const offer = await offered(kit, card, { matchingId });
    const [once, twice] = [await bind(kit, card, offer, { otsk }), await bind(kit, card, offer, { otsk })];
    const keyOf = (answer: any) => openPackage(card, fromBase64(answer.boundProfilePackage), otsk).smdpOtpk;
    assert.deepEqual(keyOf(once), keyOf(twice));
    const later = await offered(kit, card, { matchingId });
    assert.deepEqual(readSmdpSigned2(later.smdpSigned2).bppEuiccOtpk, Buffer.from(otsk.publicKey));
    assert.deepEqual(keyOf(await bind(kit, card, later, { otsk })), keyOf(once));
  });

  test(`${curve}: another one-time key gets another binding`, async () => {
    const { matchingId } = await kit.order();
    const [first, second] = [
      await download(kit, card, { matchingId }),
      await download(kit, card, { matchingId }),
    ];
    assert.notDeepEqual(first.smdpOtpk, second.smdpOtpk);
    assert.deepEqual(first.upp, second.upp);
  });

  test(`${curve}: no two profiles are bound with the same key, even to the same one-time key of an eUICC`, async () => {
    const otsk = generateOneTimeKey(curve);
    const ordered = [await kit.order(), await kit.order()];
    const keys = [];
    for (const { matchingId } of ordered)
      keys.push((await download(kit, card, { matchingId, otsk })).smdpOtpk);
    assert.notDeepEqual(keys[0], keys[1]);
  });

  test(`${curve}: after ten attempts that failed the order is not offered any more`, async () => {
    const { iccid, matchingId } = await kit.order();
    for (let attempt = 1; attempt <= 10; attempt++) {
      const { offer } = await download(kit, card, { matchingId });
      const finalResult = failed(5, 11);
      await notify(kit, installationResult(card, offer.transactionId, { seqNumber: attempt, finalResult }));
      assert.deepEqual(await stateOf(kit, iccid), ['released', card.eid, attempt]);
    }
    assert.equal(codesOf(await authenticate(kit, card, { matchingId })), '8.8.5/6.4');
  });

  test(`${curve}: several profiles that wait for an EID are delivered one call after the other`, async () => {
    const device = kit.newCard(curve);
    const line = { delivery: 'default_smdp', eid: device.eid };
    const waiting = [await kit.order(line), await kit.order(line), await kit.order(line)];
    const delivered = [];
    for (let seqNumber = 1; seqNumber <= waiting.length; seqNumber++) {
      const { metadata } = await install(kit, device, { result: { seqNumber } });
      delivered.push(readStoreMetadata(metadata).iccid);
    }
    assert.deepEqual(
      delivered,
      waiting.map(({ iccid }) => iccid),
    );
    assert.equal(codesOf(await authenticate(kit, device)), '8.1.1/3.8');
  });

  test(`${curve}: a member that is missing or cannot be read is answered Failed, and counts as no attempt`, async () => {
    const { iccid, matchingId } = await kit.order();
    const offer = await offered(kit, card, { matchingId });
    const whole = {
      transactionId: toHex(offer.transactionId),
      prepareDownloadResponse: toBase64(prepareDownload(card, offer)),
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
        const answer = await call(kit, 'getBoundProfilePackage', { ...whole, [member]: value });
        assert.match(codesOf(answer), /^(1\.6\/2\.1|8\.10\.1\/3\.9)$/, `${member} ${JSON.stringify(value)}`);
      }
    assert.deepEqual(await stateOf(kit, iccid), ['released', null, 0]);
    assert.equal(codesOf(await call(kit, 'getBoundProfilePackage', whole)), '-');
  });
}

for (const curve of curves)
  test(`${curve}: a download works with the test certificates of SGP.26`, {
    skip: sgp26Missing,
  }, async () => {
    assert.ok(gsma);
    const { iccid, matchingId } = await gsma.order();
    await install(gsma, gsma.card(curve), { matchingId, result: { iccid } });
    assert.equal((await gsma.profile(iccid))['state'], 'installed');
  });

function otherCurve(curve: Curve): Curve {
  return curve === 'P-256' ? 'brainpoolP256r1' : 'P-256';
}

async function stateOf(kit: Kit, iccid: string): Promise<unknown[]> {
  const { state, eid, download_attempts } = await kit.profile(iccid);
  return [state, eid, download_attempts];
}
