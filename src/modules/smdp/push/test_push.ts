// An SM-DP+ for tests that registers events: at its own SM-DS, and at others that do as they are told.
import type { Database } from '../../../pg/database.ts';
import { query } from '../../../pg/query.ts';
import { makeTestPki } from '../../../rsp/pki/make_test_pki.ts';
import { loadSmds, type RootSmds, type SmdsClient } from '../../smds/index.ts';
import { createTestSmdp, type TestSmdp, testAddress, testNow } from '../testing/test_smdp.ts';
import { usePush } from './push.ts';

export const ownSmds = 'smds.example.com';
export const otherSmds = 'other-smds.example.com';

export type TestPush = TestSmdp & {
  /** What the other SM-DSs were asked, as `registerEvent other-smds.example.com EVENT-ID`. */
  calls: string[];
  /** What the other SM-DSs do from now on. */
  answers: { register: () => 'registered' | 'known'; delete: () => void };
};

export function createTestPush(
  database: Database,
  { withSmds = true, root }: { withSmds?: boolean; root?: RootSmds } = {},
): TestPush {
  const files = [...makeTestPki({ smdpAddress: testAddress, smdsAddress: ownSmds, now: testNow })].map(
    ([path, bytes]) => ({ path, bytes }),
  );
  const smdp = createTestSmdp(database, { files });
  const smds = withSmds ? loadSmds({ files, address: ownSmds, now: testNow, database, root }) : undefined;
  const calls: string[] = [];
  const answers: TestPush['answers'] = { register: () => 'registered', delete: () => {} };
  const client: SmdsClient = {
    async registerEvent(address, { eventId, forwardingIndicator }) {
      calls.push(`registerEvent ${address} ${eventId}${forwardingIndicator ? ' forwarded' : ''}`);
      return answers.register();
    },
    async deleteEvent(address, { eventId }) {
      calls.push(`deleteEvent ${address} ${eventId}`);
      return answers.delete();
    },
  };
  usePush(smdp.ctx(), { smdp: smdp.ctx().smdp, smds, root: root?.address, client });
  return { ...smdp, calls, answers };
}

/** What is kept of the events of a profile, in the order of their making. */
export function pushRows(
  { ctx }: TestSmdp,
  iccid: string,
): Promise<{ event_id: string; eid: string; state: string; attempts: number; last_error: string | null }[]> {
  return query(
    ctx().db,
    'select event_id, eid, state, attempts, last_error from smdp.smds_events where iccid = $1 order by position',
    [iccid],
  );
}

/** The ids of the events that our own SM-DS has for an EID. */
export async function eventIdsOf({ ctx }: TestSmdp, eid: string): Promise<string[]> {
  const rows = await query<{ event_id: string }>(
    ctx().db,
    'select event_id from smds.events where eid = $1 order by position',
    [eid],
  );
  return rows.map(({ event_id }) => event_id);
}
