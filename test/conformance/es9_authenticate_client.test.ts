import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { toBase64, toHex } from '../../src/base/bytes.ts';
import { certificateKey, readCertificate } from '../../src/crypto/certificate.ts';
import { verifyEcdsa } from '../../src/crypto/ecdsa.ts';
import { generateSigningKey } from '../../src/crypto/signing_key.ts';
import { type ProofChanges, proveCard } from '../../src/modules/smdp/testing/test_card.ts';
import {
  readAuthenticateServerResponse,
  writeAuthenticateServerResponse,
} from '../../src/rsp/asn1/authenticate_server_response.ts';
import { writeExtCardResource } from '../../src/rsp/asn1/ext_card_resource.ts';
import { readSignature } from '../../src/rsp/asn1/signature.ts';
import { readSmdpSigned2 } from '../../src/rsp/asn1/smdp_signed2.ts';
import { readStoreMetadata } from '../../src/rsp/asn1/store_metadata.ts';
import { roleOf } from '../../src/rsp/certificate_roles.ts';
import { smdpSignature2Bytes } from '../../src/rsp/signed_bytes.ts';
import { forgedProofs } from './forged.ts';
import { type Kit, startKits } from './kit.ts';
import { authenticate, call, codesOf, initiate, offered, offerOf, proofOf } from './lpa.ts';

for (const { curve, kit } of await startKits()) {
  const card = kit.card();
  const otherKey = generateSigningKey(curve);

  test(`${curve}: an eUICC that proves itself is offered the profile of its matching id`, async () => {
    const { iccid, matchingId } = await kit.order();
    const proof = proofOf(await initiate(kit, card));
    const response = proveCard(card, proof, { matchingId });
    const answer = await call(kit, 'authenticateClient', {
      transactionId: toHex(proof.transactionId).toLowerCase(),
      authenticateServerResponse: toBase64(response),
    });
    const members = ['header', 'profileMetadata', 'smdpCertificate', 'smdpSignature2', 'smdpSigned2'];
    assert.deepEqual(Object.keys(answer).sort(), [...members, 'transactionId']);
    const offer = offerOf(answer);
    assert.deepEqual(Buffer.from(offer.transactionId), Buffer.from(proof.transactionId));
    assert.equal(readStoreMetadata(offer.profileMetadata).iccid, iccid);
    const signed = readSmdpSigned2(offer.smdpSigned2);
    assert.deepEqual([signed.ccRequiredFlag, signed.bppEuiccOtpk], [false, undefined]);
    assert.deepEqual(Buffer.from(signed.transactionId), Buffer.from(proof.transactionId));
    const certificate = readCertificate(offer.smdpCertificate);
    assert.deepEqual([roleOf(certificate), certificate.curve], ['dpPb', curve]);
    const dpAuth = readCertificate(proof.serverCertificate);
    assert.deepEqual(certificate.registeredIds, dpAuth.registeredIds);
    const bytes = smdpSignature2Bytes(offer.smdpSigned2, signatureOf(response));
    assert.ok(verifyEcdsa(certificateKey(certificate), bytes, readSignature(offer.smdpSignature2)));
  });

  test(`${curve}: the offer says when a confirmation code is needed`, async () => {
    const { matchingId } = await kit.order({ confirmationCode: '1234' });
    const offer = await offered(kit, card, { matchingId });
    assert.equal(readSmdpSigned2(offer.smdpSigned2).ccRequiredFlag, true);
  });

  test(`${curve}: without a matching id, or with an empty one, an eUICC is offered what waits for its EID, oldest first`, async () => {
    const device = kit.newCard(curve);
    const line = { delivery: 'default_smdp', eid: device.eid };
    const ordered = [await kit.order(line), await kit.order(line)];
    for (const matchingId of [undefined, '']) {
      const offer = await offered(kit, device, { matchingId });
      assert.equal(readStoreMetadata(offer.profileMetadata).iccid, ordered[0]?.iccid);
    }
    await kit.change(ordered[0]?.iccid ?? '', { state: 'installed' });
    const next = await offered(kit, device, {});
    assert.equal(readStoreMetadata(next.profileMetadata).iccid, ordered[1]?.iccid);
  });

  test(`${curve}: without a matching id an eUICC that nothing waits for is refused`, async () => {
    assert.equal(codesOf(await authenticate(kit, kit.newCard(curve))), '8.1.1/3.8');
  });

  test(`${curve}: a profile that is bound to an EID is offered to that eUICC alone`, async () => {
    const device = kit.newCard(curve);
    const { matchingId } = await kit.order({ eid: device.eid });
    assert.equal(codesOf(await authenticate(kit, card, { matchingId })), '8.1.1/3.8');
    assert.equal(codesOf(await authenticate(kit, device, { matchingId })), '-');
  });

  for (const [name, changes, codes] of forgedProofs(kit, card))
    test(`${curve}: ${name}: ${codes}`, async () => {
      const { matchingId } = await kit.order();
      assert.equal(codesOf(await authenticate(kit, card, { matchingId, ...changes })), codes);
    });

  const proofs: [name: string, changes: ProofChanges & { outerTransactionId?: string }, codes: string][] = [
    ['a transaction id that is unknown', { outerTransactionId: toHex(randomBytes(16)) }, '8.10.1/3.9'],
    ['a transaction id that is no hex', { outerTransactionId: 'XYZ' }, '8.10.1/3.9'],
    ['a transaction id of 17 bytes', { outerTransactionId: '00'.repeat(17) }, '8.10.1/3.9'],
    ['an empty transaction id', { outerTransactionId: '' }, '8.10.1/3.9'],
    ['a signature by another key', { key: otherKey }, '8.1/6.1'],
    ['another server challenge', { signed: { serverChallenge: randomBytes(16) } }, '8.1/6.1'],
    ['another transaction id inside', { signed: { transactionId: randomBytes(16) } }, '8.10.1/3.9'],
    [
      'another transaction id inside and an unknown matching id',
      { signed: { transactionId: randomBytes(16) }, matchingId: 'NO-SUCH-ID' },
      '8.10.1/3.9',
    ],
    ['the address of another server inside', { signed: { serverAddress: 'other.example.com' } }, '8.8.1/3.8'],
    ['an unknown matching id', { matchingId: 'NO-SUCH-ID' }, '8.2.6/3.8'],
  ];
  for (const [name, changes, codes] of proofs)
    test(`${curve}: ${name}: ${codes}`, async () => {
      const { matchingId } = await kit.order();
      assert.equal(codesOf(await authenticate(kit, card, { matchingId, ...changes })), codes);
    });

  const orders: [name: string, columns: Record<string, unknown>, codes: string][] = [
    ...['allocated', 'linked', 'confirmed', 'installed', 'deleted', 'error', 'unavailable'].map(
      (state): [string, Record<string, unknown>, string] => [
        `a profile that is ${state}`,
        { state },
        '8.2/1.2',
      ],
    ),
    ['an order whose time is over', { expires_at: new Date('2026-01-01') }, '8.8.5/4.10'],
    ['an order tried ten times', { download_attempts: 10 }, '8.8.5/6.4'],
    ['an order tried nine times', { download_attempts: 9 }, '-'],
  ];
  for (const [name, columns, codes] of orders)
    test(`${curve}: ${name}: ${codes}`, async () => {
      const { iccid, matchingId } = await kit.order();
      await kit.change(iccid, columns);
      assert.equal(codesOf(await authenticate(kit, card, { matchingId })), codes);
    });

  const eligibility: [name: string, euiccInfo2: ProofChanges['euiccInfo2'], codes: string][] = [
    [
      'an eUICC that forbids the policy rule of the profile',
      { forbiddenProfilePolicyRules: ['ppr1'] },
      '8.2.5/4.3',
    ],
    ['an eUICC that forbids another policy rule', { forbiddenProfilePolicyRules: ['ppr2'] }, '-'],
    ['an eUICC of too old a profile version', { profileVersion: '1.9.9' }, '8.2.5/4.3'],
    ['an eUICC with too little memory', { extCardResource: memory(100) }, '8.1/4.8'],
    ['an eUICC that tells its memory in another form', { extCardResource: Buffer.from('8100', 'hex') }, '-'],
  ];
  for (const [name, euiccInfo2, codes] of eligibility)
    test(`${curve}: ${name}: ${codes}`, async () => {
      const { iccid, matchingId } = await kit.order();
      await kit.change(iccid, { policy_rules: ['ppr1'] });
      assert.equal(
        codesOf(await authenticate(kit, card, { matchingId, ...(euiccInfo2 && { euiccInfo2 }) })),
        codes,
      );
    });

  test(`${curve}: an eUICC that refuses the server is answered Failed, and the session is over`, async () => {
    const proof = proofOf(await initiate(kit, card));
    const { transactionId } = proof;
    const refusal = writeAuthenticateServerResponse({
      authenticateResponseError: { transactionId, errorCode: 2 },
    });
    const members = { transactionId: toHex(transactionId), authenticateServerResponse: toBase64(refusal) };
    assert.equal(codesOf(await call(kit, 'authenticateClient', members)), '8.1/4.2');
    assert.equal(codesOf(await call(kit, 'authenticateClient', members)), '8.10.1/3.9');
  });

  test(`${curve}: a proof is good once, and after a refusal the same session may be tried again`, async () => {
    const { matchingId } = await kit.order();
    const proof = proofOf(await initiate(kit, card));
    assert.equal(codesOf(await authenticate(kit, card, { proof, matchingId: 'NO-SUCH-ID' })), '8.2.6/3.8');
    assert.equal(codesOf(await authenticate(kit, card, { proof, matchingId })), '-');
    assert.equal(codesOf(await authenticate(kit, card, { proof, matchingId })), '8.10.1/3.9');
  });

  test(`${curve}: a session that has expired is refused`, async () => {
    const proof = proofOf(await initiate(kit, card));
    await expire(kit, proof.transactionId);
    const { matchingId } = await kit.order();
    assert.equal(codesOf(await authenticate(kit, card, { proof, matchingId })), '8.10.1/3.9');
  });

  test(`${curve}: a member that is missing or cannot be read is answered Failed`, async () => {
    const proof = proofOf(await initiate(kit, card));
    const whole = {
      transactionId: toHex(proof.transactionId),
      authenticateServerResponse: toBase64(proveCard(card, proof)),
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
        const answer = await call(kit, 'authenticateClient', { ...whole, [member]: value });
        assert.match(codesOf(answer), /^(1\.6\/2\.1|8\.10\.1\/3\.9)$/, `${member} ${JSON.stringify(value)}`);
      }
  });
}

function memory(freeNonVolatileBytes: number): Uint8Array {
  return writeExtCardResource({ installedApplications: 0, freeNonVolatileBytes, freeVolatileBytes: 0 });
}

function signatureOf(response: Uint8Array): Uint8Array {
  const read = readAuthenticateServerResponse(response);
  assert.ok('authenticateResponseOk' in read);
  return read.authenticateResponseOk.euiccSignature1;
}

async function expire(kit: Kit, transactionId: Uint8Array): Promise<void> {
  await kit.sql('update smdp.sessions set expires_at = now() where transaction_id = $1', [transactionId]);
}
