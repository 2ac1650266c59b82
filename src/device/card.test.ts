// The card refuses whatever SGP.22 tells it to refuse, says why, and keeps nothing of it.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { present } from '../base/assert.ts';
import { concat, fromHex, toHex } from '../base/bytes.ts';
import { createBlockProtector } from '../crypto/block_protector.ts';
import { certificateKey, readCertificate } from '../crypto/certificate.ts';
import { signEcdsa, verifyEcdsa } from '../crypto/ecdsa.ts';
import { makeCertificate } from '../crypto/make_certificate.ts';
import { generateOneTimeKey } from '../crypto/one_time_key.ts';
import { octets } from '../der/octets.ts';
import { tlv } from '../der/write_tlv.ts';
import { writeAuthenticateServerRequest } from '../rsp/asn1/authenticate_server_request.ts';
import { readAuthenticateServerResponse } from '../rsp/asn1/authenticate_server_response.ts';
import { readCancelSessionResponse } from '../rsp/asn1/cancel_session_response.ts';
import { mccMncBytes } from '../rsp/asn1/operator_id.ts';
import { readPrepareDownloadResponse } from '../rsp/asn1/prepare_download_response.ts';
import { readProfileInstallationResult } from '../rsp/asn1/profile_installation_result.ts';
import { writeServerSigned1 } from '../rsp/asn1/server_signed1.ts';
import { writeSmdpSigned2 } from '../rsp/asn1/smdp_signed2.ts';
import { deriveSessionKeys } from '../rsp/es8/derive_session_keys.ts';
import { authenticateErrorCodes, codeName, downloadErrorCodes } from '../rsp/es10/error_codes.ts';
import { buildProfilePackage } from '../rsp/profile/build_profile_package.ts';
import { otherSubscription } from '../rsp/profile/test_subscription.ts';
import { createCard } from './card.ts';
import type { CardState } from './card_state.ts';
import { createCardState } from './create_card_state.ts';
import { readCredential } from './euicc/credential.ts';
import { StatusWordError } from './euicc/status_word_error.ts';
import { flipLastBit } from './forgery.ts';
import { getEuiccChallenge } from './lpa/es10_client.ts';
import {
  type AuthenticateRequest,
  authenticate,
  bind,
  install,
  load,
  newCard,
  newSmdp,
  outcomeOf,
  type PrepareRequest,
  prepare,
  type TestSmdp,
  testPki,
} from './test_card.ts';
import { makePki, type TestSmdpOptions, testMetadata, testProfilePackage } from './test_smdp.ts';

const statusWord = (word: number) => (error: unknown) =>
  error instanceof StatusWordError && error.statusWord === word;

function authenticateOutcome(answer: Uint8Array): string | undefined {
  const read = readAuthenticateServerResponse(answer);
  return 'authenticateResponseOk' in read
    ? 'ok'
    : codeName(authenticateErrorCodes, read.authenticateResponseError.errorCode);
}

function prepareOutcome(answer: Uint8Array): string | undefined {
  const read = readPrepareDownloadResponse(answer);
  return 'downloadResponseOk' in read
    ? 'ok'
    : codeName(downloadErrorCodes, read.downloadResponseError.errorCode);
}

const stranger = createSmdpOfStrangers();
function createSmdpOfStrangers(): TestSmdp {
  return newSmdp({ pki: makePki('smdp.example.com') });
}

describe('AuthenticateServer', () => {
  const cases: [
    title: string,
    change: (request: AuthenticateRequest, smdp: TestSmdp) => Partial<AuthenticateRequest>,
    outcome: string,
  ][] = [
    ['a sound proof', () => ({}), 'ok'],
    [
      'a signature of another key',
      (r) => ({ serverSignature1: flipLastBit(r.serverSignature1) }),
      'invalidSignature',
    ],
    ['an issuer the card does not know', () => ({ euiccCiPKIdToBeUsed: randomBytes(20) }), 'ciPKUnknown'],
    [
      'a certificate of another issuer',
      () => ({ serverCertificate: stranger.identity.auth.certificate.raw }),
      'invalidCertificate',
    ],
    [
      'a certificate whose signature is wrong',
      (r) => ({ serverCertificate: flipLastBit(r.serverCertificate) }),
      'invalidCertificate',
    ],
    [
      'a certificate with the role of profile binding',
      (_, s) => ({ serverCertificate: s.identity.dpPb.certificate.raw }),
      'invalidCertificate',
    ],
    ['another challenge', (_, s) => resigned(s, randomBytes(16)), 'euiccChallengeMismatch'],
  ];
  for (const [title, change, outcome] of cases)
    it(`answers ${outcome} to ${title}`, () => {
      const smdp = newSmdp();
      assert.equal(
        authenticateOutcome(authenticate(newCard(), smdp, (request) => change(request, smdp))),
        outcome,
      );
    });

  it('answers noSessionContext without a challenge: one answer, right or wrong, spends it', () => {
    const smdp = newSmdp();
    const card = newCard();
    const request = {
      ...smdp.initiate(getEuiccChallenge(card)),
      ctxParams1: fromHex('A00AA108800435290611A100'),
    };
    const wrong = { ...request, serverSignature1: flipLastBit(request.serverSignature1) };
    assert.equal(
      authenticateOutcome(card.storeData(writeAuthenticateServerRequest(wrong))),
      'invalidSignature',
    );
    assert.equal(
      authenticateOutcome(card.storeData(writeAuthenticateServerRequest(request))),
      'noSessionContext',
    );
  });

  it('refuses a certificate that has expired', () => {
    const later = new Date();
    later.setUTCFullYear(later.getUTCFullYear() + 20);
    assert.equal(
      authenticateOutcome(authenticate(newCard(undefined, { now: () => later }), newSmdp())),
      'invalidCertificate',
    );
  });

  it('proves itself with its own key over what it was given, ctxParams1 byte for byte', () => {
    const read = readAuthenticateServerResponse(authenticate(newCard(), newSmdp()));
    assert.ok('authenticateResponseOk' in read);
    const { euiccSigned1, euiccSignature1, euiccCertificate } = read.authenticateResponseOk;
    assert.ok(
      verifyEcdsa(certificateKey(readCertificate(euiccCertificate)), euiccSigned1.raw, euiccSignature1),
    );
    assert.equal(toHex(euiccSigned1.ctxParams1.raw), 'A018800C45562D374633412D30303031A108800435290611A100');
  });
});

function resigned(smdp: TestSmdp, euiccChallenge: Uint8Array): Partial<AuthenticateRequest> {
  const serverSigned1 = writeServerSigned1({
    transactionId: randomBytes(16),
    euiccChallenge,
    serverAddress: 'smdp.example.com',
    serverChallenge: randomBytes(16),
  });
  return {
    serverSigned1,
    serverSignature1: signEcdsa(present(smdp.identity.auth.privateKey, 'a key'), serverSigned1),
  };
}

function prepareWithoutSession(): string | undefined {
  const card = newCard();
  const other = newCard();
  const smdp = newSmdp();
  let request: PrepareRequest | undefined;
  prepare(card, smdp, (r) => {
    request = r;
    return {};
  });
  const { response } = prepare(other, smdp, (r) => {
    getEuiccChallenge(other);
    return request ?? r;
  });
  return prepareOutcome(response);
}

describe('PrepareDownload', () => {
  const cases: [
    title: string,
    change: (request: PrepareRequest, smdp: TestSmdp) => Partial<PrepareRequest>,
    outcome: string,
  ][] = [
    ['a sound offer', () => ({}), 'ok'],
    [
      'a signature of another key',
      (r) => ({ smdpSignature2: flipLastBit(r.smdpSignature2) }),
      'invalidSignature',
    ],
    [
      'another transaction',
      () => ({ smdpSigned2: writeSmdpSigned2({ transactionId: randomBytes(16), ccRequiredFlag: false }) }),
      'invalidTransactionId',
    ],
    [
      'a certificate with the role of authentication',
      (_, s) => ({ smdpCertificate: s.identity.auth.certificate.raw }),
      'invalidCertificate',
    ],
    [
      'a certificate of another issuer',
      () => ({ smdpCertificate: stranger.identity.dpPb.certificate.raw }),
      'invalidCertificate',
    ],
  ];
  for (const [title, change, outcome] of cases)
    it(`answers ${outcome} to ${title}`, () => {
      const smdp = newSmdp();
      assert.equal(
        prepareOutcome(prepare(newCard(), smdp, (request) => change(request, smdp)).response),
        outcome,
      );
    });

  it('refuses the binding certificate of another server of the same issuer', () => {
    const smdp = newSmdp();
    const other = makeOtherServer();
    const { response } = prepare(newCard(), smdp, (r) => ({
      smdpCertificate: other.certificate,
      smdpSignature2: r.smdpSignature2,
    }));
    assert.equal(prepareOutcome(response), 'invalidCertificate');
  });

  it('answers noSessionContext to an offer that follows no proof', () => {
    assert.equal(prepareWithoutSession(), 'noSessionContext');
  });

  it('wants a hash when a confirmation code is required, and signs the hash it is given', () => {
    const smdp = newSmdp({ confirmationCode: '1234' });
    assert.equal(prepareOutcome(prepare(newCard(), smdp).response), 'undefinedError');
    const hashCc = randomBytes(32);
    const read = readPrepareDownloadResponse(prepare(newCard(), smdp, () => ({ hashCc })).response);
    assert.ok('downloadResponseOk' in read && read.downloadResponseOk.euiccSigned2.hashCc);
    assert.equal(toHex(read.downloadResponseOk.euiccSigned2.hashCc), toHex(hashCc));
  });

  it('offers the same one-time key again when the server asks for it, and another one otherwise', () => {
    const card = newCard();
    const first = otpkOf(prepare(card, newSmdp()).response);
    const again = otpkOf(prepare(card, newSmdp({ bppEuiccOtpk: fromHex(first) })).response);
    const other = otpkOf(prepare(card, newSmdp()).response);
    const unknown = otpkOf(prepare(newCard(), newSmdp({ bppEuiccOtpk: fromHex(first) })).response);
    assert.equal(again, first);
    assert.notEqual(other, first);
    assert.notEqual(unknown, first);
  });
});

function otpkOf(answer: Uint8Array): string {
  const read = readPrepareDownloadResponse(answer);
  assert.ok('downloadResponseOk' in read);
  return toHex(read.downloadResponseOk.euiccSigned2.euiccOtpk);
}

function makeOtherServer(): { certificate: Uint8Array } {
  const [ci] = testPki.ci;
  const [pb] = testPki.dpPb;
  assert.ok(ci?.privateKey && pb);
  const { curve, publicPoint } = pb.certificate;
  const certificate = makeCertificate({
    subject: { organization: 'Other', commonName: 'other' },
    key: { curve, publicPoint },
    issuer: {
      name: ci.certificate.subjectName,
      key: {
        curve: ci.certificate.curve,
        publicPoint: ci.certificate.publicPoint,
        privateKey: ci.privateKey,
      },
    },
    notBefore: pb.certificate.notBefore,
    notAfter: pb.certificate.notAfter,
    keyUsage: [0],
    policies: ['2.23.146.1.2.1.5'],
    registeredId: '2.999.77',
  });
  return { certificate };
}

type PackageCase = {
  title: string;
  outcome: string;
  server?: Partial<TestSmdpOptions>;
  state?: (state: CardState) => void;
  change?: (segments: Uint8Array[]) => Uint8Array[];
};

const ppr1 = { profilePolicyRules: ['ppr1' as const], profileOwner: { mccMnc: mccMncBytes('00101') } };
const at = (index: number, change: (bytes: Uint8Array) => Uint8Array) => (segments: Uint8Array[]) =>
  segments.map((segment, i) => (i === index ? change(segment) : segment));
const flip = (index: number) => at(index, flipLastBit);
/** Segments: BF36 with BF23, A0 whole, A1 head, 88, A2 whole, A3 head, 86 … */
const position = { bf23: 0, a0: 1, a1: 2, metadata: 3, a2: 4, a3: 5, profile: 6 };

const packageCases: PackageCase[] = [
  { title: 'a sound package, protected ahead of time', outcome: 'installed' },
  {
    title: 'a sound package, protected under the session keys',
    server: { protectedAhead: false },
    outcome: 'installed',
  },
  {
    title: 'a wrong smdpSign',
    change: flip(position.bf23),
    outcome: 'invalidSignature in initialiseSecureChannel',
  },
  {
    title: 'a BF23 cut short',
    change: at(position.bf23, (b) => b.subarray(0, -1)),
    outcome: 'incorrectInputValues in initialiseSecureChannel',
  },
  {
    title: 'a wrong MAC in ConfigureISDP',
    change: flip(position.a0),
    outcome: 'scp03tSecurityError in configureIsdp',
  },
  {
    title: 'a dpOid of another server',
    server: { dpOid: '2.999.77' },
    outcome: 'incorrectInputValues in configureIsdp',
  },
  { title: 'a dpOid below that of the server', server: { dpOid: '2.999.10.4' }, outcome: 'installed' },
  {
    title: 'a head cut short',
    change: at(position.a1, (b) => b.subarray(0, -1)),
    outcome: 'scp03tStructureError in configureIsdp',
  },
  {
    title: 'a block of a command that is none',
    change: at(position.metadata, () => fromHex('8500')),
    outcome: 'scp03tStructureError in storeMetadata',
  },
  {
    title: 'a sequence out of order',
    change: (s) => [...s.slice(0, 2), ...s.slice(4)],
    outcome: 'scp03tStructureError in configureIsdp',
  },
  {
    title: 'a segment that is not a whole block',
    change: at(position.metadata, (b) => b.subarray(0, -1)),
    outcome: 'scp03tStructureError in storeMetadata',
  },
  {
    title: 'a wrong MAC in StoreMetadata',
    change: flip(position.metadata),
    outcome: 'scp03tSecurityError in storeMetadata',
  },
  {
    title: 'an ICCID that is there already',
    state: (s) => installTwin(s),
    outcome: 'iccidAlreadyExistsOnEuicc in storeMetadata',
  },
  {
    title: 'a test profile on a card that takes none',
    server: { metadata: { profileClass: 'test' } },
    state: (s) => {
      s.properties.testProfiles = false;
    },
    outcome: 'unsupportedProfileClass in storeMetadata',
  },
  { title: 'PPR1 allowed by the table', server: { metadata: ppr1 }, outcome: 'installed' },
  {
    title: 'PPR1 that the table does not grant',
    server: { metadata: ppr1 },
    state: (s) => {
      s.rat = [];
    },
    outcome: 'pprNotAllowed in storeMetadata',
  },
  {
    title: 'PPR1 that the card forbids',
    server: { metadata: ppr1 },
    state: (s) => {
      s.properties.forbiddenProfilePolicyRules = ['ppr1'];
    },
    outcome: 'pprNotAllowed in storeMetadata',
  },
  {
    title: 'PPR1 without an owner',
    server: { metadata: { profilePolicyRules: ['ppr1'] } },
    outcome: 'pprNotAllowed in storeMetadata',
  },
  {
    title: 'PPR1 for another network than the table names',
    server: { metadata: ppr1 },
    state: (s) => {
      s.rat = [{ pprIds: ['ppr1'], allowedOperators: [{ mccMnc: '99F907' }], consentRequired: false }];
    },
    outcome: 'pprNotAllowed in storeMetadata',
  },
  {
    title: 'a wrong MAC in ReplaceSessionKeys',
    change: flip(position.a2),
    outcome: 'scp03tSecurityError in replaceSessionKeys',
  },
  {
    title: 'a wrong length of the last sequence',
    change: at(position.a3, (b) => concat(b.subarray(0, -1), Uint8Array.of((b.at(-1) ?? 0) ^ 1))),
    outcome: 'scp03tStructureError in replaceSessionKeys',
  },
  {
    title: 'a wrong MAC in the profile',
    change: flip(position.profile),
    outcome: 'scp03tSecurityError in loadProfileElements',
  },
  {
    title: 'a block longer than 1020 bytes',
    change: at(position.profile, () => tlv(0x86, Buffer.alloc(1017))),
    outcome: 'scp03tStructureError in loadProfileElements',
  },
  {
    title: 'more than the memory takes',
    state: (s) => {
      s.properties.memoryBytes = 1500;
    },
    outcome: 'insufficientMemoryForProfile in loadProfileElements',
  },
  {
    title: 'bytes that are no profile',
    server: { upp: randomBytes(2000) },
    outcome: 'peProcessingError in loadProfileElements',
  },
  {
    title: 'a profile without its end',
    server: { upp: testProfilePackage.subarray(0, -9) },
    outcome: 'peProcessingError in loadProfileElements',
  },
  {
    title: 'a profile of another ICCID',
    server: { upp: buildProfilePackage(otherSubscription) },
    outcome: 'dataMismatch in loadProfileElements',
  },
  {
    title: 'a profile whose IMSI is not of its owner',
    server: { metadata: { profileOwner: { mccMnc: mccMncBytes('26201') } } },
    outcome: 'dataMismatch in loadProfileElements',
  },
];

function installTwin(state: CardState): void {
  const card = createCard(state);
  assert.equal(install(card), 'installed');
}

describe('LoadBoundProfilePackage', () => {
  for (const {
    title,
    outcome,
    server = {},
    state,
    change = (segments: Uint8Array[]) => segments,
  } of packageCases)
    it(`answers ${outcome} to ${title}`, () => {
      const card = newCard(state);
      const before = card.state.profiles.length;
      const segments = bind(card, newSmdp(server));
      const answer = load(card, change(segments));
      assert.equal(outcomeOf(answer), outcome);
      assert.equal(card.state.profiles.length, before + (outcome === 'installed' ? 1 : 0));
      assert.equal(card.state.notifications.length, card.state.lastSeqNumber);
      assert.equal(card.state.loading, undefined);
      assert.throws(() => card.storeData(segments[1] ?? new Uint8Array()), statusWord(0x6985));
    });

  it('refuses keys of the server that are no point of the curve, another operation and another transaction', () => {
    const offCurve = generateOneTimeKey('P-256');
    const cases: [Parameters<typeof bind>[2], string][] = [
      [
        { otsk: { ...offCurve, publicKey: flipLastBit(offCurve.publicKey) } },
        'incorrectInputValues in initialiseSecureChannel',
      ],
      [{ transactionId: randomBytes(16) }, 'invalidTransactionId in initialiseSecureChannel'],
      [{ euiccOtpk: generateOneTimeKey('P-256').publicKey }, 'invalidSignature in initialiseSecureChannel'],
      [{ eid: '89049032000000000000000000000000' }, 'scp03tSecurityError in configureIsdp'],
    ];
    for (const [more, outcome] of cases) {
      const card = newCard();
      assert.equal(outcomeOf(load(card, bind(card, newSmdp(), more))), outcome);
    }
  });

  it('signs the result, tells what the command was, and keeps it until it is removed', () => {
    const card = newCard();
    const answer = load(card, bind(card, newSmdp()).slice(0, -1));
    assert.equal(answer, undefined);
    getEuiccChallenge(card);
    const [kept] = card.state.notifications;
    assert.ok(kept);
    const result = readProfileInstallationResult(Buffer.from(kept.pending, 'base64'));
    assert.equal(outcomeOf(result.raw), 'interruption in loadProfileElements');
    const [credential] = card.state.credentials.map((stored) => readCredential(stored));
    const key = certificateKey(readCertificate(credential?.euiccCertificate ?? new Uint8Array()));
    assert.ok(verifyEcdsa(key, result.profileInstallationResultData.raw, result.euiccSignPIR));
    assert.equal(result.profileInstallationResultData.smdpOid, '2.999.10');
    assert.equal(result.profileInstallationResultData.notificationMetadata.iccid, testMetadata.iccid);
  });

  it('takes metadata with a full icon over two blocks, and padding errors are security errors', () => {
    const icon = randomBytes(1024);
    const card = newCard();
    assert.equal(install(card, newSmdp({ metadata: { iconType: 'png', icon } })), 'installed');
    const other = newCard();
    const otsk = generateOneTimeKey('P-256');
    const segments = bind(other, newSmdp(), { otsk });
    const [stored] = other.state.oneTimeKeys;
    assert.ok(stored && segments[1]);
    const keys = deriveSessionKeys({
      otsk,
      otpk: fromHex(stored.publicKey),
      hostId: Buffer.from('HOST'),
      eid: other.state.eid,
    });
    const padless = createBlockProtector(keys).authenticate(0x87, Buffer.alloc(32));
    assert.equal(
      outcomeOf(load(other, [segments[0] ?? padless, tlv(0xa0, padless)])),
      'scp03tSecurityError in configureIsdp',
    );
  });

  it('installs for a card with credentials on both curves, whichever the server uses', () => {
    const pki = mergePkis();
    for (const curve of ['P-256', 'brainpoolP256r1'] as const) {
      const card = createCard(createCardState({ pki, now: new Date() }));
      assert.equal(card.state.credentials.length, 2);
      assert.equal(install(card, newSmdp({ pki, curve })), 'installed');
    }
  });
});

function mergePkis() {
  const nist = makePki('smdp.example.com');
  const brainpool = makePki('smdp.example.com', 'brainpoolP256r1');
  const roles = ['ci', 'eum', 'euicc', 'dpTls', 'dpAuth', 'dpPb', 'dsTls', 'dsAuth'] as const;
  return { ...nist, ...Object.fromEntries(roles.map((role) => [role, [...brainpool[role], ...nist[role]]])) };
}

describe('CancelSession', () => {
  it('signs the OID of the server and the reason, and ends the session', () => {
    const card = newCard();
    const { offer } = prepare(card, newSmdp());
    const answer = card.storeData(tlv(0xbf41, octets(offer.transactionId, 0x80), fromHex('810101')));
    const read = readCancelSessionResponse(answer);
    assert.ok('cancelSessionResponseOk' in read);
    assert.equal(read.cancelSessionResponseOk.euiccCancelSessionSigned.smdpOid, '2.999.10');
    assert.equal(card.state.oneTimeKeys.length, 1);
    assert.equal(
      toHex(card.storeData(tlv(0xbf41, octets(offer.transactionId, 0x80), fromHex('810101')))),
      'BF4103810105',
    );
  });

  it('keeps the one-time key only when the order may be tried again', () => {
    const card = newCard();
    const { offer } = prepare(card, newSmdp());
    card.storeData(tlv(0xbf41, octets(offer.transactionId, 0x80), fromHex('810100')));
    assert.equal(card.state.oneTimeKeys.length, 0);
  });
});

describe('commands that are not', () => {
  const words: [string, string, number][] = [
    ['an unknown command', 'BF7900', 0x6a88],
    ['a truncated command', 'BF3802', 0x6a80],
    ['bytes after a command', 'BF2E0000', 0x6a80],
    ['a malformed proof', 'BF38033001FF', 0x6a80],
    ['a segment without a session', '8600', 0x6985],
    ['nothing', '', 0x6a80],
  ];
  for (const [title, hex, word] of words)
    it(`are answered ${word.toString(16)}: ${title}`, () => {
      const card = newCard();
      const before = JSON.stringify(card.state);
      assert.throws(() => card.storeData(fromHex(hex)), statusWord(word));
      assert.equal(JSON.stringify(card.state), before);
    });
});
