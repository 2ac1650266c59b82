// Requests of ES2+ as an operator, somebody who is none, or a broken client of an operator would send them.

import { z } from 'zod';
import type { CheckedAnswer, FuzzAnswer } from './check_answer.ts';
import { checkJsonAnswer, headerMember } from './check_answer.ts';
import { damageJson, type Members } from './damage_json.ts';
import type { FuzzRequest } from './fuzz_request.ts';
import type { Random } from './seeded_random.ts';

export const es2Names = ['downloadOrder', 'confirmOrder', 'releaseProfile', 'cancelOrder'] as const;
export type Es2Name = (typeof es2Names)[number];

/** What an operator holds in the middle of an order. */
export type Es2Hand = {
  requester: string;
  profileType: string;
  iccid: string | undefined;
  calls: number;
};

const hows = [
  'honest',
  'honest',
  'honest',
  'odd values',
  'odd values',
  'damaged body',
  'headers',
  'other name',
] as const;

export function makeEs2Request(name: Es2Name, hand: Es2Hand, random: Random): FuzzRequest {
  const how = random.pick(hows);
  const functionRequesterIdentifier =
    how === 'other name' ? random.pick(['nobody', '', '\0', 'ü']) : hand.requester;
  hand.calls += random.chance(0.9) ? 1 : 0;
  const header = {
    functionRequesterIdentifier,
    functionCallIdentifier: `call-${hand.calls}-${random.int(0, 3)}`,
  };
  const given: Members = { header, ...membersOf[name](hand, random) };
  const members = how === 'odd values' ? withOddValue(given, random) : given;
  return {
    functionName: name,
    binding: 'json',
    path: `/gsma/rsp2/es2plus/${name}`,
    headers: {
      'x-admin-protocol':
        how === 'headers' ? random.pick(['', 'gsma/rsp/v1.0.0', 'x'.repeat(3_000)]) : 'gsma/rsp/v2.5.0',
      'content-type':
        how === 'headers'
          ? random.pick(['', 'text/xml', 'application/json;charset=UTF-8'])
          : 'application/json',
    },
    body: how === 'damaged body' ? damageJson(members, random) : JSON.stringify(members),
    how,
    // The client certificate speaks for what is asked, whatever it is; nobody speaks for another name.
    isProven: how !== 'other name',
  };
}

const membersOf: Record<Es2Name, (hand: Es2Hand, random: Random) => Members> = {
  downloadOrder: ({ profileType }, random) => ({
    ...(random.chance(0.3) && { eid: random.pick(eids) }),
    profileType,
  }),
  confirmOrder: ({ iccid }, random) => ({
    iccid: iccid ?? strangeIccid,
    ...(random.chance(0.3) && { eid: random.pick(eids) }),
    ...(random.chance(0.3) && { matchingId: random.pick(['ABC-1', `F-${random.int(0, 1e9)}`]) }),
    ...(random.chance(0.3) && { confirmationCode: '4711' }),
    ...(random.chance(0.1) && { smdsAddress: 'smds.example.com' }),
    releaseFlag: random.chance(0.5),
  }),
  releaseProfile: ({ iccid }) => ({ iccid: iccid ?? strangeIccid }),
  cancelOrder: ({ iccid }, random) => ({
    iccid: iccid ?? strangeIccid,
    finalProfileStatusIndicator: random.pick(['Available', 'Unavailable']),
  }),
};

const strangeIccid = '8900100000000000000';
const eids = ['89049032123451234512345678901235', '89049032000000000000000000000014'];
const oddValues = [
  '',
  ' ',
  '0',
  '8'.repeat(17),
  '8'.repeat(21),
  '8900100000000000000F',
  'F'.repeat(20),
  '\0',
  '\ud800',
  'ü'.repeat(300),
  '٣'.repeat(32),
  '8'.repeat(33),
  -1,
  2 ** 53,
  null,
  {},
  [],
  true,
  'x'.repeat(255),
  'x'.repeat(256),
  '$',
  "'",
  '%00',
  '../',
  '1$a$b',
];

function withOddValue(members: Members, random: Random): Members {
  return { ...members, [random.pick(Object.keys(members))]: random.pick(oddValues) };
}

const iccid = z.string().regex(/^\d{18,20}F{0,2}$/);
const success = {
  downloadOrder: z.strictObject({ header: headerMember, iccid }),
  confirmOrder: z.strictObject({
    header: headerMember,
    eid: z
      .string()
      .regex(/^\d{32}$/)
      .exactOptional(),
    matchingId: z.string().exactOptional(),
    smdpAddress: z.string().exactOptional(),
    smdsAddress: z.string().exactOptional(),
  }),
  cancelOrder: z.strictObject({ header: headerMember }),
  releaseProfile: z.strictObject({ header: headerMember }),
} satisfies Record<Es2Name, z.ZodType>;

/** Whether this certificate is one that the server knows. */
export function checkEs2Answer(request: FuzzRequest, answer: FuzzAnswer, isKnown: boolean): CheckedAnswer {
  const code = String(answer.status);
  if (!isKnown || request.how === 'other name') {
    if (answer.status === 401 || answer.status === 403) return { code };
    if (!isKnown) return { code, fault: `a stranger is answered with ${code}` };
  }
  if (answer.status === 415 && request.how === 'headers') return { code };
  if (answer.status === 403 && ['damaged body', 'odd values'].includes(request.how)) return { code };
  if (answer.status !== 200) return { code, fault: `HTTP status ${code}` };
  return checkJsonAnswer(answer, success[request.functionName as Es2Name]);
}
