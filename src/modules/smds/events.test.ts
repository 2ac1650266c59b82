import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { RspError } from '../../rsp/rsp_error.ts';
import { deleteEvent, type EventToRegister, putEvents, registerEvent, type SmdsClient } from './index.ts';
import { createTestSmds, storedEvents } from './test_smds.ts';

const database = await testDatabase();
const smds = createTestSmds(database);
const ctx = () => smds.ctx();
const codeIs = (code: string) => (error: unknown) => error instanceof RspError && error.code === code;

const eid = '89049032123451234512345678901235';
const owner = '2.999.10';
const event = (more: Partial<EventToRegister> = {}): EventToRegister => ({
  eid,
  eventId: 'EV-7F3A-0001',
  rspServerAddress: 'smdp.example.com',
  ownerOid: owner,
  forwardingIndicator: false,
  ...more,
});

beforeEach(() => query(database.kysely, 'delete from smds.events'));

test('an event is kept until whoever registered it deletes it, and can be registered again after that', async () => {
  await registerEvent(ctx(), event());
  const [stored] = await storedEvents(smds);
  assert.deepEqual(
    [stored?.['eid'], stored?.['event_id'], stored?.['rsp_server_address'], stored?.['owner_oid']],
    [eid, 'EV-7F3A-0001', 'smdp.example.com', owner],
  );
  await deleteEvent(ctx(), event());
  assert.deepEqual(await storedEvents(smds), []);
  await registerEvent(ctx(), event());
});

test('an event id is taken once for an EID, and once for a server; another server may use it for another EID', async () => {
  await registerEvent(ctx(), event());
  const otherEid = '89049032123451234512345678901236';
  for (const taken of [event(), event({ ownerOid: '2.999.11' }), event({ eid: otherEid })])
    await assert.rejects(registerEvent(ctx(), taken), codeIs('event_id_in_use'));
  await registerEvent(ctx(), event({ ownerOid: '2.999.11', eid: otherEid }));
  assert.equal((await storedEvents(smds)).length, 2);
});

test('twenty registrations of one event at once leave one, and tell one that it did it', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => registerEvent(ctx(), event())));
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.equal((await storedEvents(smds)).length, 1);
});

test('an event of somebody else and an unknown one cannot be deleted, and look the same', async () => {
  await registerEvent(ctx(), event());
  for (const not of [event({ ownerOid: '2.999.11' }), event({ eventId: 'OTHER' })])
    await assert.rejects(deleteEvent(ctx(), not), codeIs('event_id_unknown'));
  assert.equal((await storedEvents(smds)).length, 1);
});

test('members that cannot be are refused and named; an EID is taken in capitals', async () => {
  const bad: [keyof EventToRegister, string[]][] = [
    ['eid', ['', '8904', `${eid}0`, 'G9049032123451234512345678901235', `${eid.slice(1)}\0`]],
    ['eventId', ['', 'ev-1', 'A_B', 'A'.repeat(256), 'A\0']],
    ['rspServerAddress', ['', 'https://smdp.example.com', 'a b', 'smdp.example.com/x', '-', 'x:123456']],
  ];
  for (const [member, values] of bad)
    for (const value of values)
      await assert.rejects(registerEvent(ctx(), event({ [member]: value })), (error) => {
        assert.ok(codeIs('message_invalid')(error), `${member} ${JSON.stringify(value)}: ${error}`);
        return String(error).includes(member);
      });
  await registerEvent(ctx(), event({ eid: `${'ab'.repeat(16)}` }));
  assert.equal((await storedEvents(smds))[0]?.['eid'], 'AB'.repeat(16));
});

test('the SM-DP+ of this installation replaces its own event in its transaction, and nobody else’s', async () => {
  await write(ctx(), {}, (tx) => putEvents(tx, [event(), event({ eventId: 'B' })]));
  await write(ctx(), {}, (tx) => putEvents(tx, [event({ rspServerAddress: 'new.example.com' })]));
  assert.deepEqual(
    (await storedEvents(smds)).map((each) => each['rsp_server_address']),
    ['new.example.com', 'smdp.example.com'],
  );
  await assert.rejects(
    write(ctx(), {}, (tx) => putEvents(tx, [event({ ownerOid: '2.999.11' })])),
    {
      code: 'conflict',
    },
  );
});

type Call = { name: string; eventId: string; address: string; rspServerAddress?: string };

/** An alternative SM-DS whose root answers as `root.answer` says. */
function createAlternative() {
  const calls: Call[] = [];
  const root = { answer: (_call: Call): 'registered' | 'known' => 'registered' };
  const answer = async (call: Call) => {
    calls.push(call);
    return root.answer(call);
  };
  const client: SmdsClient = {
    registerEvent: (address, { eventId, rspServerAddress }) =>
      answer({ name: 'registerEvent', address, eventId, rspServerAddress }),
    deleteEvent: async (address, { eventId }) =>
      void (await answer({ name: 'deleteEvent', address, eventId })),
  };
  const alternative = createTestSmds(database, { root: { address: 'root.example.com', client } });
  return { calls, root, alternative };
}

const unreachable = () => {
  throw new RspError('smds_inaccessible');
};

test('a forwarded event is known to the root by an id of its own, with this SM-DS as the server', async () => {
  const { calls, alternative } = createAlternative();
  await registerEvent(alternative.ctx(), event({ forwardingIndicator: true }));
  await registerEvent(alternative.ctx(), event({ eventId: 'STAYS' }));
  assert.equal(calls.length, 1);
  const [call] = calls;
  assert.deepEqual(
    { ...call, eventId: '' },
    { name: 'registerEvent', address: 'root.example.com', eventId: '', rspServerAddress: 'smds.example.com' },
  );
  assert.notEqual(call?.eventId, 'EV-7F3A-0001');
  const [forwarded, stays] = await storedEvents(alternative);
  assert.deepEqual([forwarded?.['forwarded_event_id'], forwarded?.['forwarded']], [call?.eventId, true]);
  assert.equal(stays?.['forwarded_event_id'], null);
});

test('a root out of reach is told, and the same registration goes on with the same id afterwards', async () => {
  const { calls, root, alternative } = createAlternative();
  root.answer = unreachable;
  const input = event({ forwardingIndicator: true });
  await assert.rejects(registerEvent(alternative.ctx(), input), codeIs('smds_inaccessible'));
  assert.equal((await storedEvents(alternative))[0]?.['forwarded'], false);
  // The root took it the first time, and the answer was lost.
  root.answer = () => 'known';
  await assert.rejects(
    registerEvent(alternative.ctx(), { ...input, rspServerAddress: 'other.example.com' }),
    codeIs('event_id_in_use'),
  );
  await registerEvent(alternative.ctx(), input);
  assert.equal((await storedEvents(alternative))[0]?.['forwarded'], true);
  assert.equal(new Set(calls.map(({ eventId }) => eventId)).size, 1);
  await assert.rejects(registerEvent(alternative.ctx(), input), codeIs('event_id_in_use'));
});

test('a root that has a new id already, or refuses, is an SM-DS that refused', async () => {
  const { root, alternative } = createAlternative();
  root.answer = () => 'known';
  const input = event({ forwardingIndicator: true });
  await assert.rejects(registerEvent(alternative.ctx(), input), codeIs('smds_refused'));
  root.answer = () => {
    throw new RspError('smds_refused');
  };
  await assert.rejects(registerEvent(alternative.ctx(), { ...input, eventId: 'B' }), codeIs('smds_refused'));
});

test('deleting goes to the root first; out of reach, it keeps the record, so that it can be repeated', async () => {
  const { calls, root, alternative } = createAlternative();
  await registerEvent(alternative.ctx(), event({ forwardingIndicator: true }));
  root.answer = unreachable;
  await assert.rejects(deleteEvent(alternative.ctx(), event()), codeIs('smds_inaccessible'));
  assert.equal((await storedEvents(alternative)).length, 1);
  root.answer = () => 'registered';
  await deleteEvent(alternative.ctx(), event());
  assert.deepEqual(await storedEvents(alternative), []);
  const ids = calls.map(({ name, eventId }) => `${name} ${eventId}`);
  assert.equal(ids[2], `deleteEvent ${calls[0]?.eventId}`);
});
