import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { toBase64, toHex } from '../../src/base/bytes.ts';
import { certificateKey, readCertificate } from '../../src/crypto/certificate.ts';
import { verifyEcdsa } from '../../src/crypto/ecdsa.ts';
import { generateSigningKey } from '../../src/crypto/signing_key.ts';
import { type ProofChanges, proveCard } from '../../src/modules/smdp/testing/test_card.ts';
import { readServerSigned1 } from '../../src/rsp/asn1/server_signed1.ts';
import { readSignature } from '../../src/rsp/asn1/signature.ts';
import { roleOf } from '../../src/rsp/certificate_roles.ts';
import { forgedProofs } from './forged.ts';
import { startKits } from './kit.ts';
import { authenticate, call, codesOf, type Initiate, initiate, initiateMembers, proofOf } from './lpa.ts';
import { atSmds, es12Caller, registrant } from './smds_kit.ts';

for (const { curve, kit } of await startKits()) {
  const smds = atSmds(kit);
  const card = kit.card();
  const smdp = es12Caller(kit, registrant(kit, 'dpTls', '2.999.77'));
  let ids = 0;

  /** Registers an event for the EID, and gives its id. */
  async function register(eid: string, rspServerAddress = 'smdp.example.com'): Promise<string> {
    const eventId = `EV-${curve === 'P-256' ? 'N' : 'B'}-${ids++}`;
    const header = { functionRequesterIdentifier: 'smdp', functionCallIdentifier: eventId };
    const event = { header, eid, eventId, rspServerAddress, forwardingIndicator: false };
    assert.equal(await smdp.call('es12/registerEvent', event), '-');
    return eventId;
  }
  const eventIds = (answer: any) => answer.eventEntries.map((each: { eventId: string }) => each.eventId);

  test(`${curve}: the SM-DS proves itself to the challenge with CERT.DSauth of the eUICC's CI`, async () => {
    const euiccChallenge = randomBytes(16);
    const proof = proofOf(await initiate(smds, card, { euiccChallenge }));
    const signed = readServerSigned1(proof.serverSigned1);
    assert.deepEqual(Buffer.from(signed.euiccChallenge), euiccChallenge);
    assert.equal(signed.serverAddress, kit.server.smdsAddress);
    const certificate = readCertificate(proof.serverCertificate);
    assert.deepEqual([roleOf(certificate), certificate.curve], ['dsAuth', curve]);
    assert.ok(
      verifyEcdsa(certificateKey(certificate), proof.serverSigned1, readSignature(proof.serverSignature1)),
    );
  });

  const unknown = randomBytes(20);
  const starts: [name: string, changes: Initiate, codes: string][] = [
    ['the address of the SM-DP+', { smdpAddress: kit.server.smdpAddress }, '8.9.1/3.8'],
    ['another address', { smdpAddress: 'other.example.com' }, '8.9.1/3.8'],
    ['the address in another case', { smdpAddress: String(kit.server.smdsAddress).toUpperCase() }, '-'],
    ['an eUICC of version 1.0.0', { svn: '1.0.0' }, '8.9.3/3.1'],
    ['an eUICC of version 3.0.0', { svn: '3.0.0' }, '8.9.3/3.1'],
    ['an eUICC of version 2.2.2', { svn: '2.2.2' }, '-'],
    ['an unknown CI for signing', { signing: [unknown] }, '8.9.2/3.1'],
    ['an unknown CI for verification', { verification: [unknown] }, '8.9.4/3.7'],
    ['a challenge of 15 bytes', { euiccChallenge: randomBytes(15) }, '1.6/2.1'],
  ];
  for (const [name, changes, codes] of starts)
    test(`${curve}: ${name} is answered ${codes === '-' ? 'with success' : codes}`, async () => {
      assert.equal(codesOf(await initiate(smds, card, changes)), codes);
    });

  test(`${curve}: the address may be called smdsAddress`, async () => {
    const { smdpAddress, ...members } = initiateMembers(smds, card);
    const answer = await call(smds, 'initiateAuthentication', { ...members, smdsAddress: smdpAddress });
    assert.equal(codesOf(answer), '-');
  });

  test(`${curve}: an eUICC that nothing waits for is answered with success and an empty list`, async () => {
    const answer = await authenticate(smds, kit.newCard(curve));
    assert.deepEqual(Object.keys(answer).sort(), ['eventEntries', 'header', 'transactionId']);
    assert.deepEqual([codesOf(answer), answer.eventEntries], ['-', []]);
  });

  test(`${curve}: without an event id an eUICC gets all its events, the oldest first, each with its address`, async () => {
    const device = kit.newCard(curve);
    const ids = [await register(device.eid), await register(device.eid, 'localhost:8443')];
    await register(card.eid);
    for (const matchingId of [undefined, '']) {
      const answer = await authenticate(smds, device, { matchingId });
      assert.deepEqual(answer.eventEntries, [
        { eventId: ids[0], rspServerAddress: 'smdp.example.com' },
        { eventId: ids[1], rspServerAddress: 'localhost:8443' },
      ]);
    }
  });

  test(`${curve}: with an event id an eUICC gets that event alone, as often as it asks`, async () => {
    const device = kit.newCard(curve);
    const [, second = ''] = [await register(device.eid), await register(device.eid)];
    for (let count = 0; count < 2; count++)
      assert.deepEqual(eventIds(await authenticate(smds, device, { matchingId: second })), [second]);
  });

  test(`${curve}: an unknown event id, one of another eUICC, and one of an EID that nobody knows are answered alike`, async () => {
    const device = kit.newCard(curve);
    const foreign = await register(device.eid);
    await register(card.eid);
    const answers = [
      await authenticate(smds, card, { matchingId: 'NO-SUCH-EVENT' }),
      await authenticate(smds, card, { matchingId: foreign }),
      await authenticate(smds, kit.newCard(curve), { matchingId: foreign }),
    ];
    for (const answer of answers) {
      assert.equal(codesOf(answer), '8.9.5/3.9');
      assert.deepEqual(answer, answers[0]);
    }
  });

  test(`${curve}: an event that was deleted is not given out any more`, async () => {
    const device = kit.newCard(curve);
    const eventId = await register(device.eid);
    const header = { functionRequesterIdentifier: 'smdp', functionCallIdentifier: 'd' };
    assert.equal(await smdp.call('es12/deleteEvent', { header, eid: device.eid, eventId }), '-');
    assert.deepEqual((await authenticate(smds, device)).eventEntries, []);
    assert.equal(codesOf(await authenticate(smds, device, { matchingId: eventId })), '8.9.5/3.9');
  });

  for (const [name, changes, codes] of forgedProofs(kit, card))
    test(`${curve}: ${name}: ${codes}`, async () => {
      assert.equal(codesOf(await authenticate(smds, card, changes)), codes);
    });

  const proofs: [name: string, changes: ProofChanges & { outerTransactionId?: string }, codes: string][] = [
    ['a transaction id that is unknown', { outerTransactionId: toHex(randomBytes(16)) }, '8.10.1/3.9'],
    ['a transaction id that is no hex', { outerTransactionId: 'XYZ' }, '8.10.1/3.9'],
    ['a signature by another key', { key: generateSigningKey(curve) }, '8.1/6.1'],
    ['another server challenge', { signed: { serverChallenge: randomBytes(16) } }, '8.1/6.1'],
    ['another transaction id inside', { signed: { transactionId: randomBytes(16) } }, '8.10.1/3.9'],
    ['the address of another server inside', { signed: { serverAddress: 'other.example.com' } }, '8.9.1/3.8'],
  ];
  for (const [name, changes, codes] of proofs)
    test(`${curve}: ${name}: ${codes}`, async () => {
      assert.equal(codesOf(await authenticate(smds, card, changes)), codes);
    });

  test(`${curve}: a session serves one AuthenticateClient, and a session of the SM-DP+ none`, async () => {
    const proof = proofOf(await initiate(smds, card));
    assert.equal(codesOf(await authenticate(smds, card, { proof })), '-');
    assert.equal(codesOf(await authenticate(smds, card, { proof })), '8.10.1/3.9');
    const failed = proofOf(await initiate(smds, card));
    const wrong = { proof: failed, signed: { serverChallenge: randomBytes(16) } };
    assert.equal(codesOf(await authenticate(smds, card, wrong)), '8.1/6.1');
    assert.equal(codesOf(await authenticate(smds, card, { proof: failed })), '8.10.1/3.9');
    const other = proofOf(await initiate(kit, card));
    assert.equal(codesOf(await authenticate(smds, card, { proof: other })), '8.10.1/3.9');
  });

  test(`${curve}: a member that is missing or malformed is answered Failed`, async () => {
    const proof = proofOf(await initiate(smds, card));
    const good = {
      transactionId: toHex(proof.transactionId),
      authenticateServerResponse: toBase64(proveCard(card, proof)),
    };
    for (const members of [{}, { transactionId: good.transactionId }, { ...good, transactionId: 7 }, []])
      assert.equal(codesOf(await call(smds, 'authenticateClient', members)), '1.6/2.1');
    const cut = { ...good, authenticateServerResponse: good.authenticateServerResponse.slice(0, 40) };
    assert.equal(codesOf(await call(smds, 'authenticateClient', cut)), '1.6/2.1');
  });
}
