// One attacker: it takes a profile, goes through its download more or less in order, and looks what came of each message.
import { fromBase64, fromHex } from '../../src/base/bytes.ts';
import type { Tlv } from '../../src/der/tlv.ts';
import { readAuthenticateClientOk } from '../../src/rsp/asn1/authenticate_client.ts';
import { readInitiateAuthenticationOk } from '../../src/rsp/asn1/initiate_authentication.ts';
import { type CheckedAnswer, checkEs9Answer } from './check_answer.ts';
import type { Hand } from './es9_messages.ts';
import { type Es9Name, es9Names, makeEs9Request } from './es9_requests.ts';
import type { FuzzCard } from './fuzz_card.ts';
import { createFuzzClient } from './fuzz_client.ts';
import type { Story, StoryWorld } from './story.ts';

export type Es9World = StoryWorld & {
  port: number;
  cards: readonly FuzzCard[];
  address: string;
  /** Transactions of anybody, the newest last. */
  transactions: Uint8Array[];
};

export function es9Story(world: Es9World): Story {
  const { random, pool, send, port, cards, address, transactions } = world;
  const client = createFuzzClient({ port });
  world.onClose(() => client.close());
  return async () => {
    const profile = await pool.take();
    const hand: Hand = {
      ...profile,
      card: random.pick(cards),
      certificate: random.pick(cards).eumCertificate,
      address,
      proof: undefined,
      offer: undefined,
      seqNumber: 1,
    };
    let place = 0;
    for (let count = random.int(4, 14); count > 0 && world.mayGoOn(); count--) {
      const name = random.chance(0.75) ? (es9Names[place] ?? 'handleNotification') : random.pick(es9Names);
      const request = makeEs9Request(name, hand, transactions, random);
      const taken = await send({ client, port, request, iccid: profile.iccid }, (answer) =>
        checkEs9Answer(request, answer),
      );
      if (taken === undefined) return;
      hand.seqNumber += random.int(0, 2);
      if (isTaken(taken.code) && take(name, hand, taken)) place = placeAfter(name);
      if (hand.proof && transactions.at(-1) !== hand.proof.transactionId) {
        transactions.push(hand.proof.transactionId);
        if (transactions.length > 200) transactions.shift();
      }
      if (random.chance(0.03)) hand.card = random.pick(cards);
    }
  };
}

function isTaken(code: string): boolean {
  return code === 'ok' || code === 'asn1 ok' || code === '204';
}

function placeAfter(name: Es9Name): number {
  return name === 'cancelSession' ? 0 : es9Names.indexOf(name) + 1;
}

/** Puts what the server gave into the hand; false for what damage made another answer. */
function take(name: Es9Name, hand: Hand, { members, ok }: CheckedAnswer): boolean {
  const bytes = (member: string) => fromBase64(String(members?.[member]));
  const readable = <T>(fromJson: () => T, fromAsn1: (ok: Tlv) => T): T | undefined => {
    try {
      return members ? fromJson() : ok && fromAsn1(ok);
    } catch {
      return undefined;
    }
  };
  if (name === 'initiateAuthentication') {
    hand.proof = readable(
      () => ({
        transactionId: fromHex(String(members?.['transactionId'])),
        serverSigned1: bytes('serverSigned1'),
        serverSignature1: bytes('serverSignature1'),
        euiccCiPKIdToBeUsed: bytes('euiccCiPKIdToBeUsed'),
        serverCertificate: bytes('serverCertificate'),
      }),
      readInitiateAuthenticationOk,
    );
    return hand.proof !== undefined;
  }
  if (name === 'authenticateClient') {
    hand.offer = readable(
      () => ({
        transactionId: fromHex(String(members?.['transactionId'])),
        profileMetadata: bytes('profileMetadata'),
        smdpSigned2: bytes('smdpSigned2'),
        smdpSignature2: bytes('smdpSignature2'),
        smdpCertificate: bytes('smdpCertificate'),
      }),
      readAuthenticateClientOk,
    );
    return hand.offer !== undefined;
  }
  return true;
}
