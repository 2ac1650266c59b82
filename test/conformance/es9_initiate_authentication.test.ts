import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { concat, toBase64, toHex } from '../../src/base/bytes.ts';
import { certificateKey, readCertificate } from '../../src/crypto/certificate.ts';
import { verifyEcdsa } from '../../src/crypto/ecdsa.ts';
import { octets } from '../../src/der/octets.ts';
import { readServerSigned1 } from '../../src/rsp/asn1/server_signed1.ts';
import { readSignature } from '../../src/rsp/asn1/signature.ts';
import { roleOf } from '../../src/rsp/certificate_roles.ts';
import { startKit, startKits } from './kit.ts';
import { call, codesOf, type Initiate, initiate, initiateMembers, post, proofOf } from './lpa.ts';

const kits = await startKits();
const both = await startKit({ pki: 'both' });

for (const { curve, kit } of kits) {
  const card = kit.card();

  test(`${curve}: the server proves itself to the challenge with CERT.DPauth of the eUICC's CI`, async () => {
    const euiccChallenge = randomBytes(16);
    const answer = await initiate(kit, card, { euiccChallenge });
    const members = [
      'euiccCiPKIdToBeUsed',
      'header',
      'serverCertificate',
      'serverSignature1',
      'serverSigned1',
    ];
    assert.deepEqual(Object.keys(answer).sort(), [...members, 'transactionId']);
    assert.match(answer.transactionId, /^([0-9A-F]{2}){1,16}$/);
    const proof = proofOf(answer);
    const signed = readServerSigned1(proof.serverSigned1);
    assert.deepEqual(Buffer.from(signed.euiccChallenge), euiccChallenge);
    assert.deepEqual(Buffer.from(signed.transactionId), Buffer.from(proof.transactionId));
    assert.equal(signed.serverAddress, kit.server.smdpAddress);
    const certificate = readCertificate(proof.serverCertificate);
    assert.deepEqual([roleOf(certificate), certificate.curve], ['dpAuth', curve]);
    const signature = readSignature(proof.serverSignature1);
    assert.ok(verifyEcdsa(certificateKey(certificate), proof.serverSigned1, signature));
    assert.deepEqual(Buffer.from(proof.euiccCiPKIdToBeUsed), Buffer.from(octets(card.ciKeyId)));
  });

  test(`${curve}: each session has a transaction id and a server challenge of its own`, async () => {
    const answers = [await initiate(kit, card), await initiate(kit, card)];
    const [first, second] = answers.map((answer) => readServerSigned1(proofOf(answer).serverSigned1));
    assert.notDeepEqual(first?.transactionId, second?.transactionId);
    assert.notDeepEqual(first?.serverChallenge, second?.serverChallenge);
  });

  const unknown = randomBytes(20);
  const cases: [name: string, changes: Initiate, codes: string][] = [
    ['the address in another case', { smdpAddress: kit.server.smdpAddress.toUpperCase() }, '-'],
    ['another address', { smdpAddress: 'other.example.com' }, '8.8.1/3.8'],
    ['an empty address', { smdpAddress: '' }, '8.8.1/3.8'],
    ['another address and an eUICC that is too old', { smdpAddress: 'x.example', svn: '1.0.0' }, '8.8.1/3.8'],
    ['an eUICC of version 1.0.0', { svn: '1.0.0' }, '8.8.3/3.1'],
    ['an eUICC of version 2.0.0', { svn: '2.0.0' }, '-'],
    ['an eUICC of version 2.2.0', { svn: '2.2.0' }, '-'],
    ['an eUICC of version 2.2.1', { svn: '2.2.1' }, '-'],
    ['an eUICC of version 2.2.2', { svn: '2.2.2' }, '-'],
    ['an eUICC of version 2.3.0', { svn: '2.3.0' }, '-'],
    ['an eUICC of version 3.0.0', { svn: '3.0.0' }, '8.8.3/3.1'],
    ['a version that is not served and an unknown CI', { svn: '3.0.0', signing: [unknown] }, '8.8.3/3.1'],
    ['an unknown CI for signing', { signing: [unknown] }, '8.8.2/3.1'],
    ['unknown CIs in both lists', { signing: [unknown], verification: [unknown] }, '8.8.2/3.1'],
    ['no CI for signing', { signing: [] }, '8.8.2/3.1'],
    ['an unknown CI for verification', { verification: [unknown] }, '8.8.4/3.7'],
    ['no CI for verification', { verification: [] }, '8.8.4/3.7'],
    [
      'unknown CIs before ours',
      { signing: [unknown, card.ciKeyId], verification: [unknown, card.ciKeyId] },
      '-',
    ],
    ['a challenge of 15 bytes', { euiccChallenge: randomBytes(15) }, '1.6/2.1'],
    ['a challenge of 17 bytes', { euiccChallenge: randomBytes(17) }, '1.6/2.1'],
  ];
  for (const [name, changes, codes] of cases)
    test(`${curve}: ${name} is answered ${codes === '-' ? 'with success' : codes}`, async () => {
      assert.equal(codesOf(await initiate(kit, card, changes)), codes);
    });

  test(`${curve}: a header object and members that nobody knows are ignored`, async () => {
    const header = { functionRequesterIdentifier: '1.2.3', functionCallIdentifier: 'TX-1' };
    const members = { header, somethingNew: { deep: [1] }, ...initiateMembers(kit, card) };
    assert.equal(codesOf(await call(kit, 'initiateAuthentication', members)), '-');
  });

  const versions: [version: string, codes: string][] = [
    ['gsma/rsp/v2.0.0', '-'],
    ['gsma/rsp/v2.2.2', '-'],
    ['gsma/rsp/v2.5.0', '-'],
    ['gsma/rsp/v2.99.99', '-'],
    ['gsma/rsp/v1.0.0', '1.6/2.1'],
    ['gsma/rsp/v3.0.0', '1.6/2.1'],
    ['gsma/rsp/v20.0.0', '1.6/2.1'],
    ['nonsense', '1.6/2.1'],
  ];
  test(`${curve}: any version 2 of the protocol is spoken, and no other`, async () => {
    for (const [version, codes] of versions) {
      const headers = { 'x-admin-protocol': version };
      const answer = await post(kit, 'initiateAuthentication', initiateMembers(kit, card), headers);
      assert.equal(answer.status, 200);
      assert.match(String(answer.headers['x-admin-protocol']), /^gsma\/rsp\/v2\.\d+\.\d+$/);
      assert.equal(codesOf(JSON.parse(answer.body.toString())), codes, version);
    }
  });

  const info = initiateMembers(kit, card).euiccInfo1;
  const raw = Buffer.from(info, 'base64');
  const malformed: [name: string, euiccInfo1: unknown][] = [
    ['no base64', '§§§'],
    ['a number', 7],
    ['null', null],
    ['a list', [info]],
    ['nothing', ''],
    ['a byte after its end', toBase64(concat(raw, Uint8Array.of(0)))],
    ['cut', toBase64(raw.subarray(0, -1))],
    [
      'of an indefinite length',
      toBase64(concat(Buffer.from('BF2080', 'hex'), raw.subarray(3), Buffer.alloc(2))),
    ],
    ['of a length beyond all memory', 'vyCE/////w=='],
    ['100 elements deep', toBase64(nested(100))],
    ['another element', 'MAA='],
  ];
  test(`${curve}: an euiccInfo1 that cannot be read is answered Failed, whatever is wrong with it`, async () => {
    for (const [name, euiccInfo1] of malformed) {
      const answer = await call(kit, 'initiateAuthentication', { ...initiateMembers(kit, card), euiccInfo1 });
      assert.equal(codesOf(answer), '1.6/2.1', name);
    }
  });

  test(`${curve}: a member that is missing is answered Failed`, async () => {
    for (const member of ['euiccChallenge', 'euiccInfo1', 'smdpAddress']) {
      const { [member]: _left, ...rest } = initiateMembers(kit, card) as Record<string, string>;
      assert.equal(codesOf(await call(kit, 'initiateAuthentication', rest)), '1.6/2.1', member);
    }
  });
}

/** Elements within elements. */
function nested(depth: number): Uint8Array {
  let inner: Uint8Array = new Uint8Array(0);
  for (let level = 0; level < depth; level++) inner = concat(lengthOf(0x30, inner.length), inner);
  return concat(lengthOf(0xbf20, inner.length), inner);
}

function lengthOf(tag: number, length: number): Uint8Array {
  const size = length < 0x80 ? [length] : [0x82, length >> 8, length & 0xff];
  return Uint8Array.from([...(tag > 0xff ? [tag >> 8, tag & 0xff] : [tag]), ...size]);
}

// ---- Both curves at once

const nist = both.card('P-256').ciKeyId;
const brainpool = both.card('brainpoolP256r1').ciKeyId;
const choices: [
  name: string,
  lists: { signing: Uint8Array[]; verification: Uint8Array[] },
  chosen: Uint8Array,
  curve: string,
][] = [
  ['only NIST', { signing: [nist], verification: [nist] }, nist, 'P-256'],
  ['only Brainpool', { signing: [brainpool], verification: [brainpool] }, brainpool, 'brainpoolP256r1'],
  ['both, NIST first', { signing: [nist, brainpool], verification: [nist, brainpool] }, nist, 'P-256'],
  [
    'NIST to sign and Brainpool to verify',
    { signing: [nist], verification: [brainpool] },
    nist,
    'brainpoolP256r1',
  ],
  [
    'Brainpool to sign and NIST to verify',
    { signing: [brainpool], verification: [nist] },
    brainpool,
    'P-256',
  ],
  [
    'both to sign and Brainpool to verify',
    { signing: [nist, brainpool], verification: [brainpool] },
    brainpool,
    'brainpoolP256r1',
  ],
];
for (const [name, lists, chosen, curve] of choices)
  test(`an eUICC that knows ${name} gets a certificate that it can verify, and signs by a CI that it has`, async () => {
    const proof = proofOf(await initiate(both, both.card('P-256'), lists));
    assert.equal(readCertificate(proof.serverCertificate).curve, curve);
    assert.equal(toHex(proof.euiccCiPKIdToBeUsed), `0414${toHex(chosen)}`);
  });
