import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { listEvents } from '../events/index.ts';
import { activateBundle, bundlesDueWork, countOpenBundles, getBundle, listBundlesPage } from './index.ts';
import { type Assigned, assignTest } from './test_assignment.ts';
import { at } from './test_bundle.ts';

const ctx = testCtx(await testDatabase(), at(0));
const nowAt = (now: Date) => ({ ...ctx, now });
const activate = (of: Assigned, index = 0, now = at(1), accountId: string = of.accountId) =>
  write(nowAt(now), {}, (tx) => activateBundle(tx, { accountId, bundleId: of.ids[index] as string }));
const refused = (code: string) => (error: unknown) => (error as { code?: string }).code === code;

test('a bundle that waits for its first use starts when it is activated, once, and ends its days later', async () => {
  const of = await assignTest(ctx);
  const { state, startsAt, endsAt } = await activate(of);
  assert.deepEqual([state, startsAt, endsAt], ['active', at(1), at(8)]);
  await assert.rejects(activate(of, 0, at(2)), refused('conflict'));
  const { events } = await listEvents(ctx, { accountId: of.accountId, limit: 100 });
  assert.equal(events.filter(({ type }) => type === 'bundle.started').length, 1);
});

test('a bundle with a later activation date starts at once', async () => {
  const of = await assignTest(ctx, [{}], { activatesAt: at(30) });
  assert.equal((await activate(of)).state, 'active');
});

test('one behind another with the same allowance starts when that one ends', async () => {
  const of = await assignTest(ctx, [{}, {}]);
  await activate(of);
  assert.equal((await activate(of, 1)).state, 'queued');
  await bundlesDueWork.runDue(nowAt(at(8)), of.accountId);
  const second = await getBundle(ctx, { accountId: of.accountId, bundleId: of.ids[1] as string });
  assert.deepEqual([second.state, second.startsAt], ['active', at(8)]);
});

test('ten activations at once start it once', async () => {
  const of = await assignTest(ctx);
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => activate(of)));
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
});

test("another account's bundle answers like an unknown one", async () => {
  const [of, stranger] = [await assignTest(ctx), await assignTest(ctx)];
  await assert.rejects(activate(of, 0, at(1), stranger.accountId), refused('not_found'));
  assert.equal(
    (await getBundle(ctx, { accountId: of.accountId, bundleId: of.ids[0] as string })).state,
    'queued',
  );
});

test('pages of bundles are newest first, by eSIM, product, order and time, and tell whether there are more', async () => {
  const of = await assignTest(ctx, [{}, { name: 'other_product' }, {}]);
  const { accountId } = of;
  const bundle = await getBundle(ctx, { accountId, bundleId: of.ids[0] as string });
  const page = async (more: object) => {
    const { bundles, hasMore } = await listBundlesPage(ctx, { accountId, page: 0, perPage: 50, ...more });
    return [bundles.map(({ id }) => of.ids.indexOf(id)), hasMore];
  };
  assert.deepEqual(await page({}), [[2, 1, 0], false]);
  assert.deepEqual(await page({ perPage: 2 }), [[2, 1], true]);
  assert.deepEqual(await page({ perPage: 2, page: 1 }), [[0], false]);
  assert.deepEqual(await page({ esimId: bundle.esimId }), [[2, 1, 0], false]);
  assert.deepEqual(await page({ product: 'other_product' }), [[1], false]);
  assert.deepEqual(await page({ orderIds: [bundle.orderId] }), [[2, 1, 0], false]);
  assert.deepEqual(await page({ orderIds: [] }), [[], false]);
  assert.deepEqual(await page({ createdBefore: at(-1) }), [[], false]);
  assert.deepEqual(await page({ createdAfter: at(-1), createdBefore: at(1) }), [[2, 1, 0], false]);
});

test('open bundles are those that are queued or active', async () => {
  const of = await assignTest(ctx, [{}, {}]);
  const { accountId } = of;
  const { esimId } = await activate(of);
  assert.equal(await countOpenBundles(ctx, { accountId, esimId }), 2);
  await bundlesDueWork.runDue(nowAt(at(8)), accountId);
  assert.equal(await countOpenBundles(ctx, { accountId, esimId }), 1);
});
