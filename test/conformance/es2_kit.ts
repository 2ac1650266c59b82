// An operator of a kit: its certificate is registered through /v1, and it calls ES2+ over mutual TLS.
import assert from 'node:assert/strict';
import type { Curve } from '../../src/crypto/curve.ts';
import { makeIdentity, type TestIdentity } from '../../src/modules/smdp/testing/test_es2.ts';
import { query } from '../../src/pg/query.ts';
import type { Kit } from './kit.ts';

export type Es2Operator = {
  identifier: string;
  identity: TestIdentity;
  /** The answer of one call, header included; `members` may replace the header. */
  call(name: string, members: object): Promise<any>;
  /** `-` for a success, `subject/reason`, or `HTTP 403`. */
  codes(name: string, members: object): Promise<string>;
  /** The ICCID of a profile that nobody has ordered. */
  newIccid(): Promise<string>;
};

let identifiers = 0;

/** A new requester; `put` is more of what /v1 takes. */
export async function es2Operator(kit: Kit, curve: Curve, put: object = {}): Promise<Es2Operator> {
  const identifier = `1.3.6.1.4.1.99999.${++identifiers}`;
  const identity = makeIdentity({ commonName: 'operator', curve });
  const body = { certificates: [identity.certificate], ...put };
  const { status } = await kit.call('PUT', `/function-requesters/${identifier}`, body);
  assert.equal(status, 200);
  const { post } = es2Caller(kit, identity);
  const header = () => ({ functionRequesterIdentifier: identifier, functionCallIdentifier: 'TX-567' });
  const call: Es2Operator['call'] = (name, members) => post(name, { header: header(), ...members });
  return {
    identifier,
    identity,
    call,
    codes: async (name, members) => es2CodesOf(await call(name, members)),
    newIccid: () => newIccid(kit),
  };
}

/** ES2+ with this client certificate; without one when it is left out. The answer is `{ http }` when it is no 200. */
export function es2Caller(kit: Kit, identity?: Pick<TestIdentity, 'certificate' | 'privateKey'>) {
  const port = Number(new URL(kit.server.es2Url).port);
  const caller = kit.caller({ port, ...(identity && { identity }) });
  return {
    async post(name: string, members: object): Promise<any> {
      const answer = await caller.post(`/gsma/rsp2/es2plus/${name}`, JSON.stringify(members), {
        'content-type': 'application/json;charset=UTF-8',
        'x-admin-protocol': 'gsma/rsp/v2.5.0',
      });
      assert.match(String(answer.headers['x-admin-protocol']), /^gsma\/rsp\/v2\.\d+\.\d+$/);
      if (answer.status !== 200) return { http: answer.status };
      assert.equal(answer.headers['content-type'], 'application/json');
      return JSON.parse(answer.body.toString());
    },
  };
}

export function es2CodesOf(answer: any): string {
  if (answer.http !== undefined) return `HTTP ${answer.http}`;
  const { status, statusCodeData } = answer.header.functionExecutionStatus;
  if (status === 'Executed-Success') return '-';
  assert.deepEqual(Object.keys(answer), ['header']);
  return `${statusCodeData.subjectCode}/${statusCodeData.reasonCode}`;
}

/** From the end of the stock: orders by type take from its beginning. */
async function newIccid({ ctx }: Kit): Promise<string> {
  const [row] = await query<{ iccid: string }>(
    ctx.db,
    "select iccid from inventory.sim_profiles where state = 'available' order by iccid desc limit 1",
  );
  assert.ok(row, 'the stock of the kit is used up');
  return row.iccid;
}
