// Named misbehaviours of a device, as data: what each does to the messages, and what a correct server makes of it.
import { randomBytes } from 'node:crypto';
import { toHex } from '../base/bytes.ts';
import { readEuiccInfo1, writeEuiccInfo1 } from '../rsp/asn1/euicc_info1.ts';
import type { BppErrorReason } from '../rsp/es10/error_codes.ts';
import {
  changeBytes,
  changeRequest,
  changeSegment,
  type Fault,
  loseAnswer,
  loseRequest,
  otherCancellation,
  otherParts,
  otherPrepared,
  otherProof,
  wrongCode,
} from './fault_hooks.ts';
import { flipLastBit, offCurvePoint } from './forgery.ts';
import type { Es9Call, Es9Function } from './lpa/es9_client.ts';

/**
 * What a faulty download must come to. `refusal`: the code pair of the server, `any` where several are right;
 * `installation`: the reason the card reports; `lost`: no answer to that function; `installs`: it works all the same.
 */
export type FaultOutcome =
  | { refusal: string; at: Es9Function }
  | { installation: BppErrorReason }
  | { lost: Es9Function }
  | { installs: true };

export type NamedFault = Fault & {
  summary: string;
  expected: FaultOutcome;
  /** What the same device gets from the same activation code afterwards, without the fault. */
  retry: 'installs' | 'refused' | 'installed already';
  /** False: the server does not learn of the installation by this download. */
  told?: false;
  /** The fault shows only with an order that has a confirmation code, or in a download that the user turns down. */
  needs?: 'confirmation code' | 'cancellation';
};

const truncate = (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1);
const none = () => Uint8Array.of(0x30, 0x03, 0x02);

/** All faults by name, in the order of the messages they touch. */
export const faults = {
  wrongAddress: {
    summary: 'asks for a server of another name',
    call: changeRequest('initiateAuthentication', (body) => ({ ...body, smdpAddress: 'other.example.com' })),
    expected: { refusal: '8.8.1/3.8', at: 'initiateAuthentication' },
    retry: 'installs',
  },
  oldVersion: {
    summary: 'says it implements version 1.0.0',
    call: changeBytes('initiateAuthentication', 'euiccInfo1', (bytes) =>
      writeEuiccInfo1({ ...readEuiccInfo1(bytes), svn: '1.0.0' }),
    ),
    expected: { refusal: '8.8.3/3.1', at: 'initiateAuthentication' },
    retry: 'installs',
  },
  strangeIssuer: {
    summary: 'offers only certificate issuers that nobody knows',
    call: changeBytes('initiateAuthentication', 'euiccInfo1', (bytes) => {
      const strangers = [randomBytes(20)];
      const lists = { euiccCiPKIdListForVerification: strangers, euiccCiPKIdListForSigning: strangers };
      return writeEuiccInfo1({ ...readEuiccInfo1(bytes), ...lists });
    }),
    expected: { refusal: '8.8.2/3.1', at: 'initiateAuthentication' },
    retry: 'installs',
  },
  unknownTransaction: {
    summary: 'answers in a transaction that never was',
    call: changeRequest('authenticateClient', (body) => ({ ...body, transactionId: toHex(randomBytes(16)) })),
    expected: { refusal: '8.10.1/3.9', at: 'authenticateClient' },
    retry: 'installs',
  },
  replayedProof: {
    summary: 'gives the proof of one session in another',
    call: async (call, next, { kept }) => {
      if (call.functionName === 'initiateAuthentication') kept.set('initiate', call);
      const first = kept.get('initiate');
      if (call.functionName !== 'authenticateClient' || !first) return next(call);
      const { transactionId } = await next(first as Es9Call);
      return next({ ...call, body: { ...call.body, transactionId } });
    },
    expected: { refusal: '8.1/6.1', at: 'authenticateClient' },
    retry: 'installs',
  },
  malformedProof: {
    summary: 'sends a proof that is no DER',
    call: changeBytes('authenticateClient', 'authenticateServerResponse', none),
    expected: { refusal: 'any', at: 'authenticateClient' },
    retry: 'installs',
  },
  wrongEumCertificate: {
    summary: 'shows an EUM certificate that the issuer did not sign',
    call: otherParts(({ eumCertificate }) => ({ eumCertificate: flipLastBit(eumCertificate) })),
    expected: { refusal: '8.1.2/6.1', at: 'authenticateClient' },
    retry: 'installs',
  },
  wrongEuiccCertificate: {
    summary: 'shows an eUICC certificate that the EUM did not sign',
    call: otherParts(({ euiccCertificate }) => ({ euiccCertificate: flipLastBit(euiccCertificate) })),
    expected: { refusal: '8.1.3/6.1', at: 'authenticateClient' },
    retry: 'installs',
  },
  wrongSignature1: {
    summary: 'signs the proof with another key',
    call: otherParts(({ euiccSignature1 }) => ({ euiccSignature1: flipLastBit(euiccSignature1) })),
    expected: { refusal: '8.1/6.1', at: 'authenticateClient' },
    retry: 'installs',
  },
  wrongServerChallenge: {
    summary: 'answers another challenge than the one it was given',
    call: otherProof(() => ({ serverChallenge: randomBytes(16) })),
    expected: { refusal: '8.1/6.1', at: 'authenticateClient' },
    retry: 'installs',
  },
  otherTransactionSigned: {
    summary: 'signs another transaction than the one it answers in',
    call: otherProof(() => ({ transactionId: randomBytes(16) })),
    expected: { refusal: '8.10.1/3.9', at: 'authenticateClient' },
    retry: 'installs',
  },
  abandonedSession: {
    summary: 'goes away after it has seen the offer',
    call: loseRequest('getBoundProfilePackage', 'cancelSession'),
    expected: { lost: 'getBoundProfilePackage' },
    retry: 'installs',
  },
  wrongSignature2: {
    summary: 'signs its one-time key with another key',
    call: otherPrepared((prepared) => ({ euiccSignature2: flipLastBit(prepared.euiccSignature2) })),
    expected: { refusal: '8.1/6.1', at: 'getBoundProfilePackage' },
    retry: 'installs',
  },
  otherTransactionPrepared: {
    summary: 'asks for the package of another transaction',
    call: otherPrepared(() => ({ transactionId: randomBytes(16) })),
    expected: { refusal: '8.10.1/3.9', at: 'getBoundProfilePackage' },
    retry: 'installs',
  },
  offCurveOneTimeKey: {
    summary: 'sends a one-time key that is no point of the curve',
    call: otherPrepared(({ euiccSigned2 }) => ({ euiccOtpk: offCurvePoint(euiccSigned2.euiccOtpk) })),
    expected: { refusal: 'any', at: 'getBoundProfilePackage' },
    retry: 'installs',
  },
  wrongConfirmationCodeThreeTimes: {
    summary: 'gives a wrong confirmation code three times, then the right one',
    command: wrongCode(3),
    expected: { installs: true },
    retry: 'installed already',
    needs: 'confirmation code',
  },
  wrongConfirmationCodeAlways: {
    summary: 'never gives the right confirmation code',
    command: wrongCode(Number.POSITIVE_INFINITY),
    expected: { refusal: '8.2.7/6.4', at: 'getBoundProfilePackage' },
    retry: 'refused',
    needs: 'confirmation code',
  },
  packageLost: {
    summary: 'loses the connection before the package arrives',
    call: loseAnswer('getBoundProfilePackage'),
    expected: { lost: 'getBoundProfilePackage' },
    retry: 'installs',
  },
  truncatedSegment3: {
    summary: 'cuts a byte off the third segment of the package',
    command: changeSegment(3, truncate),
    expected: { installation: 'scp03tStructureError' },
    retry: 'installs',
  },
  corruptedSegment4: {
    summary: 'turns over a bit in the MAC of the fourth segment',
    command: changeSegment(4, flipLastBit),
    expected: { installation: 'scp03tSecurityError' },
    retry: 'installs',
  },
  notificationLost: {
    summary: 'cannot deliver the result of the installation',
    call: loseRequest('handleNotification'),
    expected: { installs: true },
    retry: 'installed already',
    told: false,
  },
  notificationAnswerLost: {
    summary: 'does not see that the result was taken, and will send it again',
    call: loseAnswer('handleNotification'),
    expected: { installs: true },
    retry: 'installed already',
  },
  notificationTwice: {
    summary: 'sends the result twice',
    call: async (call, next) => {
      if (call.functionName === 'handleNotification') await next(call);
      return next(call);
    },
    expected: { installs: true },
    retry: 'installed already',
  },
  wrongResultSignature: {
    summary: 'signs the result with another key',
    call: changeBytes('handleNotification', 'pendingNotification', flipLastBit),
    expected: { installs: true },
    retry: 'installed already',
    told: false,
  },
  wrongOidInCancellation: {
    summary: 'cancels with the OID of another server',
    call: otherCancellation({ smdpOid: '2.999.99' }),
    expected: { refusal: '8.8/3.10', at: 'cancelSession' },
    retry: 'installs',
    needs: 'cancellation',
  },
} as const satisfies Record<string, NamedFault>;

export type FaultName = keyof typeof faults;
