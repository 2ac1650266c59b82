// The messages of ES9+ as a card with any will of its own would send them: honest, rightly signed nonsense, or forged.
import { signEcdsa } from '../../src/crypto/ecdsa.ts';
import type { OfferedProfile } from '../../src/modules/smdp/index.ts';
import {
  cancel,
  euiccInfo1,
  failed,
  installationResult,
  otherNotification,
  prepareDownload,
  proveCard,
} from '../../src/modules/smdp/testing/test_card.ts';
import {
  readAuthenticateServerResponse,
  writeAuthenticateServerResponse,
} from '../../src/rsp/asn1/authenticate_server_response.ts';
import {
  readCancelSessionResponse,
  writeCancelSessionResponse,
} from '../../src/rsp/asn1/cancel_session_response.ts';
import {
  readOtherSignedNotification,
  writeOtherSignedNotification,
} from '../../src/rsp/asn1/other_signed_notification.ts';
import {
  readPrepareDownloadResponse,
  writePrepareDownloadResponse,
} from '../../src/rsp/asn1/prepare_download_response.ts';
import {
  readProfileInstallationResult,
  writeProfileInstallationResult,
} from '../../src/rsp/asn1/profile_installation_result.ts';
import { writeServerSigned1 } from '../../src/rsp/asn1/server_signed1.ts';
import { readSignature, writeSignature } from '../../src/rsp/asn1/signature.ts';
import { writeSmdpSigned2 } from '../../src/rsp/asn1/smdp_signed2.ts';
import type { ServerProof } from '../../src/rsp/authentication/start_authentication.ts';
import { euiccSignature2Bytes } from '../../src/rsp/signed_bytes.ts';
import { damageDer } from './damage_der.ts';
import { readTree, writeTree } from './der_tree.ts';
import { type FuzzCard, oddlyCertified } from './fuzz_card.ts';
import type { Random } from './seeded_random.ts';

/** What a device holds in the middle of a download. */
export type Hand = {
  card: FuzzCard;
  iccid: string;
  matchingId: string;
  confirmationCode: string | undefined;
  address: string;
  /** A certificate that can be read. */
  certificate: Uint8Array;
  proof: ServerProof | undefined;
  offer: OfferedProfile | undefined;
  seqNumber: number;
};

/** An element that a card signs, as it stands in a message, and what proves it. */
export type SignedElement = {
  bytes: Uint8Array;
  /** What has to be there unchanged for the message to prove anything. */
  proof: Uint8Array[];
};

/** How a card came to sign it: as it should, something odd, with a key that is not its own, or oddly certified. */
export type Signing = 'honest' | 'odd' | 'strange key' | 'odd certificate';

export type SignedKind = 'authenticate' | 'prepare' | 'install' | 'other' | 'cancel';

export function signElement(kind: SignedKind, hand: Hand, signing: Signing, random: Random): SignedElement {
  const card = signing === 'odd certificate' ? oddlyCertified(hand.card, random) : hand.card;
  const key = signing === 'strange key' ? hand.card.eumKey : card.key.privateKey;
  const signer = { ...card, key: { ...card.key, privateKey: key } };
  const damage = (bytes: Uint8Array) => (signing === 'odd' ? damageDer(bytes, random) : bytes);
  return elements[kind]({ hand: { ...hand, card: signer }, damage, random });
}

type Made = { hand: Hand; damage: (bytes: Uint8Array) => Uint8Array; random: Random };

const elements: Record<SignedKind, (made: Made) => SignedElement> = {
  authenticate({ hand, damage, random }) {
    const { card } = hand;
    const changes = random.chance(0.1)
      ? random.pick([
          { matchingId: undefined },
          { matchingId: strangeText(random) },
          { signed: { transactionId: random.bytes(16) } },
        ])
      : {};
    const given = proveCard(card, hand.proof ?? strangeProof(hand, random), {
      matchingId: hand.matchingId,
      ...changes,
    });
    const read = readAuthenticateServerResponse(given);
    if (!('authenticateResponseOk' in read)) throw new Error('the card refused');
    const ok = read.authenticateResponseOk;
    const euiccSigned1 = damage(ok.euiccSigned1.raw);
    const euiccSignature1 = signEcdsa(card.key.privateKey, euiccSigned1);
    const bytes = writeAuthenticateServerResponse({
      authenticateResponseOk: { ...ok, euiccSigned1, euiccSignature1 },
    });
    return {
      bytes,
      proof: [euiccSigned1, euiccSignature1, signedPart(ok.euiccCertificate), signedPart(ok.eumCertificate)],
    };
  },
  prepare({ hand, damage, random }) {
    const offer = hand.offer ?? strangeOffer(hand, random);
    const code = random.chance(0.9) ? hand.confirmationCode : random.pick([undefined, '0000']);
    const given = prepareDownload(hand.card, offer, code === undefined ? {} : { confirmationCode: code });
    const read = readPrepareDownloadResponse(given);
    if (!('downloadResponseOk' in read)) throw new Error('the card refused');
    const euiccSigned2 = damage(read.downloadResponseOk.euiccSigned2.raw);
    const signed = euiccSignature2Bytes(euiccSigned2, readSignature(offer.smdpSignature2));
    const euiccSignature2 = signEcdsa(hand.card.key.privateKey, signed);
    const bytes = writePrepareDownloadResponse({ downloadResponseOk: { euiccSigned2, euiccSignature2 } });
    return { bytes, proof: [euiccSigned2, euiccSignature2] };
  },
  install({ hand, damage, random }) {
    const isFailure = random.chance(0.3);
    const given = installationResult(hand.card, transactionIdOf(hand, random), {
      seqNumber: hand.seqNumber,
      iccid: hand.iccid,
      ...(isFailure && { finalResult: failed(random.int(0, 9), random.int(0, 130)) }),
    });
    const data = damage(readProfileInstallationResult(given).profileInstallationResultData.raw);
    const signature = signEcdsa(hand.card.key.privateKey, data);
    return { bytes: writeProfileInstallationResult(data, signature), proof: [data, signature] };
  },
  other({ hand, damage, random }) {
    const operation = random.pick(['enable', 'disable', 'delete', 'install'] as const);
    const given = otherNotification(hand.card, operation, hand.iccid, hand.seqNumber);
    const { euiccCertificate, eumCertificate, tbsOtherNotification } = readOtherSignedNotification(given);
    const tbs = damage(tbsOtherNotification.raw);
    const signature = signEcdsa(hand.card.key.privateKey, tbs);
    const bytes = writeOtherSignedNotification({
      tbsOtherNotification: tbs,
      euiccNotificationSignature: signature,
      euiccCertificate,
      eumCertificate,
    });
    return { bytes, proof: [tbs, signature, signedPart(euiccCertificate), signedPart(eumCertificate)] };
  },
  cancel({ hand, damage, random }) {
    const reason = random.pick([0, 1, 2, 3, 4, 5, 127, random.int(6, 200)]);
    const given = cancel(hand.card, transactionIdOf(hand, random), reason);
    const read = readCancelSessionResponse(given);
    if (!('cancelSessionResponseOk' in read)) throw new Error('the card refused');
    const signed = damage(read.cancelSessionResponseOk.euiccCancelSessionSigned.raw);
    const signature = signEcdsa(hand.card.key.privateKey, signed);
    const bytes = writeCancelSessionResponse({
      cancelSessionResponseOk: { euiccCancelSessionSigned: signed, euiccCancelSessionSignature: signature },
    });
    return { bytes, proof: [signed, signature] };
  },
};

/** Of a certificate what its issuer signed: the algorithm that is named beside it is not. */
function signedPart(certificate: Uint8Array): Uint8Array {
  const [whole] = readTree(Buffer.from(certificate)) ?? [];
  const [tbs] = Array.isArray(whole?.value) ? whole.value : [];
  return tbs ? writeTree([tbs]) : certificate;
}

/** Of the download under way, else of one that never was. */
export function transactionIdOf({ proof }: Hand, random: Random): Uint8Array {
  return proof?.transactionId ?? random.bytes(16);
}

/** BF20, sometimes of an eUICC that nobody can serve. */
export function infoOf({ card }: Hand, random: Random): Uint8Array {
  if (random.chance(0.95)) return euiccInfo1(card);
  return euiccInfo1(
    card,
    random.pick([
      { svn: '1.0.0' },
      { svn: '255.255.255' },
      { verification: [] },
      { signing: [random.bytes(20)] },
    ]),
  );
}

function strangeText(random: Random): string {
  return random.pick(['', 'X', '\0', 'x'.repeat(255), 'ü', "'; drop", random.bytes(8).toString('hex')]);
}

/** One that no server gave. */
function strangeProof(hand: Hand, random: Random): ServerProof {
  const parts = { transactionId: random.bytes(16), serverChallenge: random.bytes(16) };
  return {
    transactionId: parts.transactionId,
    serverSigned1: writeServerSigned1({
      ...parts,
      euiccChallenge: random.bytes(16),
      serverAddress: hand.address,
    }),
    serverSignature1: random.bytes(64),
    euiccCiPKIdToBeUsed: random.bytes(20),
    serverCertificate: hand.certificate,
  };
}

function strangeOffer(hand: Hand, random: Random): OfferedProfile {
  const transactionId = transactionIdOf(hand, random);
  return {
    transactionId,
    profileMetadata: random.bytes(10),
    smdpSigned2: writeSmdpSigned2({
      transactionId,
      ccRequiredFlag: random.chance(0.5),
      bppEuiccOtpk: undefined,
    }),
    smdpSignature2: writeSignature(random.bytes(64)),
    smdpCertificate: hand.certificate,
  };
}
