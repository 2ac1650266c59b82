import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ctx } from '../../pg/ctx.ts';
import type { DueWork } from '../../pg/due_work.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { createAccount, createSubaccount, getClock } from '../accounts/index.ts';
import { listEvents } from '../events/index.ts';
import { moveClock } from './index.ts';

const ctx: Ctx = { ...testCtx(await testDatabase()), now: new Date() };
const hourMs = 3_600_000;

test('what is due on the way happens at its own time and in its order, also what is made on the way', async () => {
  const { id } = await sandbox();
  const start = await nowOf(id);
  const plan = new Map([
    ['third', at(start, 30)],
    ['first', at(start, 1)],
    ['second', at(start, 2)],
    ['after', at(start, 100)],
  ]);
  const done: [string, number][] = [];
  const work: DueWork = {
    ...plannedWork(plan, done),
    runDue: async (run) => {
      const count = take(plan, run.now, (name) => {
        done.push([name, hoursAfter(start, run.now)]);
        if (name === 'second') plan.set('made on the way', at(start, 10));
      });
      return count;
    },
  };
  const clock = await moveClock(ctx, { accountId: id, to: at(start, 50), dueWork: [work] });
  assert.deepEqual(done, [
    ['first', 1],
    ['second', 2],
    ['made on the way', 10],
    ['third', 30],
  ]);
  assert.ok(clock.now >= at(start, 50) && clock.now < at(start, 51));
  assert.deepEqual([...plan.keys()], ['after']);
});

test('works of one moment are done in the order of the list, and until none of them has anything left', async () => {
  const { id } = await sandbox();
  const start = await nowOf(id);
  const done: [string, number][] = [];
  const second = new Map<string, Date>();
  const first = new Map([['a', at(start, 1)]]);
  const firstWork: DueWork = {
    ...plannedWork(first, done),
    runDue: async (run) =>
      take(first, run.now, (name) => {
        done.push([name, 1]);
        second.set(`${name} told`, run.now);
      }),
  };
  await moveClock(ctx, {
    accountId: id,
    to: at(start, 2),
    dueWork: [plannedWork(second, done), firstWork],
  });
  assert.deepEqual(
    done.map(([name]) => name),
    ['a', 'a told'],
  );
});

test('a clock does not go back, not ten years ahead, and not for a live account', async () => {
  const { id } = await sandbox();
  const start = await nowOf(id);
  await moveClock(ctx, { accountId: id, to: at(start, 5), dueWork: [] });
  for (const to of [at(start, 4), at(start, 24 * 3_700)])
    await assert.rejects(moveClock(ctx, { accountId: id, to, dueWork: [] }), { code: 'invalid_request' });
  const live = await write(ctx, {}, (tx) =>
    createAccount(tx, { name: 'Live', kind: 'live', currency: 'EUR' }),
  );
  await assert.rejects(moveClock(ctx, { accountId: live.id, to: at(start, 9), dueWork: [] }), {
    code: 'forbidden',
  });
  assert.equal((await getClock(ctx, live.id)).offsetMs, 0);
});

test('two requests do not move one clock at the same time', async () => {
  const { id } = await sandbox();
  const start = await nowOf(id);
  const entered = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const plan = new Map([['slow', at(start, 1)]]);
  const slow: DueWork = {
    ...plannedWork(plan, []),
    runDue: async (run) => {
      entered.resolve();
      await go.promise;
      return take(plan, run.now, () => {});
    },
  };
  const moving = moveClock(ctx, { accountId: id, to: at(start, 2), dueWork: [slow] });
  await entered.promise;
  await assert.rejects(moveClock(ctx, { accountId: id, to: at(start, 3), dueWork: [] }), {
    code: 'conflict',
  });
  go.resolve();
  await moving;
  await moveClock(ctx, { accountId: id, to: at(start, 3), dueWork: [] });
});

test('work that fails leaves the clock where it was due, free to be moved again', async () => {
  const { id } = await sandbox();
  const start = await nowOf(id);
  const plan = new Map([['broken', at(start, 1)]]);
  const broken: DueWork = {
    ...plannedWork(plan, []),
    runDue: () => Promise.reject(new Error('no')),
  };
  await assert.rejects(moveClock(ctx, { accountId: id, to: at(start, 9), dueWork: [broken] }));
  assert.equal(hoursAfter(start, await nowOf(id)), 1);
  await moveClock(ctx, { accountId: id, to: at(start, 9), dueWork: [plannedWork(plan, [])] });
  assert.equal(plan.size, 0);
});

test('an account and its subaccounts share one clock, whichever of them moves it', async () => {
  const parent = await sandbox();
  const [one, two] = await Promise.all(
    ['One', 'Two'].map((name) => write(ctx, {}, (tx) => createSubaccount(tx, { parentId: parent.id, name }))),
  );
  const start = await nowOf(parent.id);
  await moveClock(ctx, { accountId: one?.id ?? '', to: at(start, 7), dueWork: [] });
  const later = await write(ctx, {}, (tx) => createSubaccount(tx, { parentId: parent.id, name: 'Three' }));
  for (const id of [parent.id, two?.id ?? '', later.id]) assert.equal(hoursAfter(start, await nowOf(id)), 7);
});

test('a move is told once, at the time it went to', async () => {
  const { id } = await sandbox();
  const to = at(await nowOf(id), 3);
  await moveClock(ctx, { accountId: id, to, dueWork: [] });
  const { events } = await listEvents(ctx, { accountId: id });
  assert.deepEqual(
    events.map(({ type, occurredAt }) => [type, occurredAt]),
    [['clock.moved', to]],
  );
});

function sandbox() {
  return write(ctx, {}, (tx) => createAccount(tx, { name: 'Box', kind: 'sandbox', currency: 'EUR' }));
}

async function nowOf(accountId: string): Promise<Date> {
  return (await getClock(ctx, accountId)).now;
}

function at(start: Date, hours: number): Date {
  return new Date(start.getTime() + hours * hourMs);
}

function hoursAfter(start: Date, time: Date): number {
  return Math.floor((time.getTime() - start.getTime()) / hourMs + 0.01);
}

/** Work that does what `plan` names once it is due. */
function plannedWork(plan: Map<string, Date>, done: [string, number][]): DueWork {
  return {
    name: 'planned',
    nextDueAt: async () => [...plan.values()].sort((a, b) => a.getTime() - b.getTime())[0] ?? null,
    runDue: async (run) => take(plan, run.now, (name) => done.push([name, 0])),
  };
}

function take(plan: Map<string, Date>, now: Date, each: (name: string) => void): number {
  const due = [...plan].filter(([, when]) => when <= now);
  for (const [name] of due) {
    plan.delete(name);
    each(name);
  }
  return due.length;
}
