// Requests of ES9+ in both bindings, honest or damaged in one place, each with whether it proves anything.
import { sameBytes, toBase64, toHex } from '../../src/base/bytes.ts';
import { octets } from '../../src/der/octets.ts';
import { tlv } from '../../src/der/write_tlv.ts';
import { writeHandleNotification } from '../../src/rsp/asn1/handle_notification.ts';
import { writeInitiateAuthenticationRequest } from '../../src/rsp/asn1/initiate_authentication.ts';
import {
  provisioningTags,
  writeProvisioningMessage,
} from '../../src/rsp/asn1/remote_profile_provisioning.ts';
import { damageDer } from './damage_der.ts';
import { damageJson, type Members } from './damage_json.ts';
import {
  type Hand,
  infoOf,
  type SignedElement,
  type SignedKind,
  type Signing,
  signElement,
  transactionIdOf,
} from './es9_messages.ts';
import type { FuzzRequest } from './fuzz_request.ts';
import type { Random } from './seeded_random.ts';

export const es9Names = [
  'initiateAuthentication',
  'authenticateClient',
  'getBoundProfilePackage',
  'handleNotification',
  'cancelSession',
] as const;
export type Es9Name = (typeof es9Names)[number];

/** What can be done to a request, with how often. */
const hows = [
  ['honest', 40],
  ['damaged element', 22],
  ['odd', 9],
  ['strange key', 3],
  ['odd certificate', 6],
  ['damaged body', 12],
  ['other transaction', 4],
  ['headers', 4],
] as const;
type How = (typeof hows)[number][0];

/** `others` are transactions of anybody. */
export function makeEs9Request(
  name: Es9Name,
  hand: Hand,
  others: readonly Uint8Array[],
  random: Random,
): FuzzRequest {
  const how = pickHow(random);
  const transactionId =
    how === 'other transaction' ? otherTransaction(others, random) : transactionIdOf(hand, random);
  const { element, isProven } = makeElement(name, hand, how, random);
  const binding = random.chance(0.3) ? 'asn1' : 'json';
  const parts = { name, hand, transactionId, element, random };
  const request = binding === 'json' ? jsonRequest(parts, how) : asn1Request(parts, how);
  const headers = { ...request.headers, ...(how === 'headers' && strangeHeaders(random)) };
  return {
    ...request,
    headers,
    binding,
    functionName: name,
    how,
    // A notification names its transaction in what is signed.
    isProven:
      isProven && (name === 'handleNotification' || sameBytes(transactionId, transactionIdOf(hand, random))),
  };
}

function pickHow(random: Random): How {
  let left = random.int(
    1,
    hows.reduce((sum, [, weight]) => sum + weight, 0),
  );
  for (const [how, weight] of hows) {
    left -= weight;
    if (left <= 0) return how;
  }
  return 'honest';
}

const kinds: Record<Exclude<Es9Name, 'initiateAuthentication'>, readonly SignedKind[]> = {
  authenticateClient: ['authenticate'],
  getBoundProfilePackage: ['prepare'],
  handleNotification: ['install', 'other'],
  cancelSession: ['cancel'],
};

function makeElement(
  name: Es9Name,
  hand: Hand,
  how: How,
  random: Random,
): { element: Uint8Array; isProven: boolean } {
  const signed =
    name === 'initiateAuthentication' ? unsigned(hand, random) : signedFor(name, hand, how, random);
  if (how !== 'damaged element' && !(how === 'odd' && name === 'initiateAuthentication'))
    return { element: signed.bytes, isProven: how !== 'strange key' };
  const element = damageDer(signed.bytes, random);
  return { element, isProven: signed.proof.every((part) => element.includes(Buffer.from(part))) };
}

function unsigned(hand: Hand, random: Random): SignedElement {
  return { bytes: infoOf(hand, random), proof: [] };
}

function signedFor(
  name: Exclude<Es9Name, 'initiateAuthentication'>,
  hand: Hand,
  how: How,
  random: Random,
): SignedElement {
  // Nobody but a card sends an element of another function.
  const own = random.chance(0.97) ? kinds[name] : Object.values(kinds).flat();
  const signing: Signing =
    how === 'odd' || how === 'strange key' || how === 'odd certificate' ? how : 'honest';
  return signElement(random.pick(own), hand, signing, random);
}

type Parts = { name: Es9Name; hand: Hand; transactionId: Uint8Array; element: Uint8Array; random: Random };
type Wire = Pick<FuzzRequest, 'path' | 'headers' | 'body'>;

const elementMembers: Record<Es9Name, string> = {
  initiateAuthentication: 'euiccInfo1',
  authenticateClient: 'authenticateServerResponse',
  getBoundProfilePackage: 'prepareDownloadResponse',
  handleNotification: 'pendingNotification',
  cancelSession: 'cancelSessionResponse',
};

function jsonRequest({ name, hand, transactionId, element, random }: Parts, how: How): Wire {
  const members: Members = {
    ...(name !== 'initiateAuthentication' &&
      name !== 'handleNotification' && { transactionId: toHex(transactionId) }),
    ...(name === 'initiateAuthentication' && {
      euiccChallenge: toBase64(challenge(random)),
      smdpAddress: addressOf(hand, random),
    }),
    [elementMembers[name]]: toBase64(element),
  };
  const body = how === 'damaged body' ? damageJson(members, random) : JSON.stringify(members);
  return {
    path: `/gsma/rsp2/es9plus/${name}`,
    headers: { ...commonHeaders, 'content-type': 'application/json' },
    body,
  };
}

function asn1Request({ name, hand, transactionId, element, random }: Parts, how: How): Wire {
  const id = octets(transactionId, 0x80);
  const tag = provisioningTags[name];
  const messages: Record<Es9Name, () => Uint8Array> = {
    initiateAuthentication: () =>
      writeInitiateAuthenticationRequest({
        euiccChallenge: challenge(random),
        serverAddress: addressOf(hand, random),
        euiccInfo1: element,
      }),
    authenticateClient: () => tlv(tag, id, element),
    getBoundProfilePackage: () => tlv(tag, id, element),
    handleNotification: () => writeHandleNotification({ pendingNotification: element }),
    cancelSession: () => tlv(tag, id, random.chance(0.5) ? element : tlv(0xa1, element)),
  };
  const body = Buffer.from(writeProvisioningMessage(messages[name]()));
  return {
    path: '/gsma/rsp2/asn1',
    headers: { ...commonHeaders, 'content-type': 'application/x-gsma-rsp-asn1' },
    body: how === 'damaged body' ? damageDer(body, random) : body,
  };
}

const commonHeaders = { 'x-admin-protocol': 'gsma/rsp/v2.2.0', 'user-agent': 'gsma-rsp-lpad' };

function challenge(random: Random): Uint8Array {
  return random.bytes(random.chance(0.97) ? 16 : random.pick([0, 1, 15, 17, 32, 200]));
}

function addressOf({ address }: Hand, random: Random): string {
  if (random.chance(0.95)) return address;
  return random.pick([
    '',
    'x',
    'other.example.com',
    address.toUpperCase(),
    `${address}\0`,
    'a'.repeat(255),
    'ü.example',
    `${address}.`,
  ]);
}

function otherTransaction(others: readonly Uint8Array[], random: Random): Uint8Array {
  if (others.length > 0 && random.chance(0.6)) return random.pick(others);
  return random.bytes(random.pick([0, 1, 8, 15, 16, 16, 16, 17, 64]));
}

function strangeHeaders(random: Random): Record<string, string> {
  return random.pick([
    {
      'x-admin-protocol': random.pick([
        '',
        ' ',
        'gsma/rsp/v3.0.0',
        'gsma/rsp/v2',
        'GSMA/RSP/V2.3.0',
        'x'.repeat(4_000),
        'gsma/rsp/v2.2.0, gsma/rsp/v2.1.0',
      ]),
    },
    {
      'content-type': random.pick([
        '',
        'text/plain',
        'application/json; charset=utf-16',
        'application/xml',
        'multipart/form-data; boundary=x',
        'x',
        '/',
        'application/json;',
        'a/b; c',
      ]),
    },
    { accept: 'text/html', 'accept-encoding': 'br, gzip', 'content-language': 'x' },
    { 'x-forwarded-for': '\t', cookie: 'a=b'.repeat(500), authorization: 'Bearer x' },
    { 'content-encoding': random.pick(['gzip', 'identity', 'br']) },
  ]);
}
