// One operator, or somebody with a certificate that nobody knows, who orders, confirms, releases and cancels in any order.
import { makeIdentity } from '../../src/modules/smdp/testing/test_es2.ts';
import { checkEs2Answer, type Es2Hand, es2Names, makeEs2Request } from './es2_requests.ts';
import { createFuzzClient } from './fuzz_client.ts';
import type { Story, StoryWorld } from './story.ts';

export type Es2World = StoryWorld & { port: number; operator: Operator };

export type Operator = { requester: string; profileType: string; certificate: string; privateKey: string };

/** A function requester of the account of this API key, with a certificate of its own. */
export async function makeOperator({
  apiUrl,
  apiKey,
}: {
  apiUrl: string;
  apiKey: string;
}): Promise<Operator> {
  const requester = 'fuzz-operator';
  const { certificate, privateKey } = makeIdentity({ commonName: requester });
  const answer = await fetch(`${apiUrl}/v1/function-requesters/${requester}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ certificates: [certificate] }),
  });
  if (!answer.ok) throw new Error(`no function requester: ${answer.status} ${await answer.text()}`);
  return { requester, profileType: 'overair-usim', certificate, privateKey };
}

export function es2Story(world: Es2World): Story {
  const { random, port, operator, send } = world;
  const { certificate: cert, privateKey: key } = operator;
  const stranger = makeIdentity({ commonName: operator.requester });
  const known = createFuzzClient({ port, cert, key });
  const unknown = createFuzzClient({ port, cert: stranger.certificate, key: stranger.privateKey });
  const nobody = createFuzzClient({ port });
  world.onClose(() => {
    for (const client of [known, unknown, nobody]) client.close();
  });
  return async () => {
    const { requester, profileType } = operator;
    const hand: Es2Hand = { requester, profileType, iccid: undefined, calls: random.int(0, 1e9) };
    let place = 0;
    for (let count = random.int(3, 10); count > 0 && world.mayGoOn(); count--) {
      const name = random.chance(0.75) ? (es2Names[place] ?? 'cancelOrder') : random.pick(es2Names);
      const made = makeEs2Request(name, hand, random);
      const isKnown = random.chance(0.93);
      const client = isKnown ? known : random.pick([unknown, nobody]);
      const request = { ...made, isProven: made.isProven && isKnown };
      const taken = await send({ client, port, request, iccid: hand.iccid }, (answer) =>
        checkEs2Answer(request, answer, isKnown),
      );
      if (taken === undefined) return;
      if (taken.code !== 'ok') continue;
      if (name === 'downloadOrder') hand.iccid = taken.members?.['iccid']?.replace(/F+$/, '');
      // Back in stock it may be somebody else's in a moment.
      if (name === 'cancelOrder') hand.iccid = undefined;
      place = es2Names.indexOf(name) + 1;
    }
  };
}
