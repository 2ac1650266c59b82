import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { createAccount } from '../accounts/index.ts';
import { networks, putProducts } from '../catalogue/index.ts';
import { createEsims } from '../esims/index.ts';
import { createFleet, createNetworkAccessProfile, createSims, updateSim } from '../sims/index.ts';
import { checkCompatibility } from './index.ts';
import { testProduct } from './test_assignment.ts';

const ctx = testCtx(await testDatabase());
const { id: accountId } = await createAccount(ctx, { name: 'Test', kind: 'sandbox', currency: 'EUR' });
const { id: _, ...bundle } = testProduct;
await putProducts(ctx, [
  { ...bundle, countries: ['NL', 'DE'] },
  { ...bundle, name: 'retired', state: 'retired' },
  { ...bundle, name: 'plain', kind: 'esim', dataBytes: null, validityDays: null },
]);
const [esim] = await write(ctx, {}, (tx) =>
  createEsims(tx, [
    {
      accountId,
      orderId: 'ord_1',
      iccid: '8988247000100000001',
      msisdn: null,
      eid: null,
      smdpAddress: 'smdp.example.com',
      matchingId: null,
      confirmationCodeRequired: false,
      requestId: 'req_1',
    },
  ]),
);
const ask = (product = bundle.name) =>
  checkCompatibility(ctx, { accountId, idOrIccid: esim?.id ?? '', product });
const codes = async (product?: string) => (await ask(product)).reasons.map(({ code }) => code);

test('a bundle can be used where there are networks, and each country says how many', async () => {
  const { compatible, countries } = await ask();
  assert.equal(compatible, true);
  const dutch = networks().filter(({ country }) => country === 'NL').length;
  assert.deepEqual(countries[0], { country: 'NL', networks: dutch });
});

test('what is retired, or no bundle, cannot be used', async () => {
  assert.deepEqual(await codes('retired'), ['product_retired']);
  assert.deepEqual(await codes('plain'), ['not_a_bundle']);
});

test('only the networks that the line may attach to count', async () => {
  await write(ctx, {}, async (tx) => {
    await createSims(tx, [
      {
        accountId,
        esimId: esim?.id ?? '',
        iccid: esim?.iccid ?? '',
        imsi: '999700000000001',
        msisdn: null,
        core: 'simulated',
        status: 'ready',
      },
    ]);
    const french = networks().filter(({ country }) => country === 'FR');
    const profile = await createNetworkAccessProfile(tx, { accountId, networks: french.map(({ id }) => id) });
    const fleet = await createFleet(tx, { accountId, networkAccessProfile: profile.id });
    await updateSim(tx, { accountId, key: esim?.iccid ?? '', fleet: fleet.id });
  });
  const { compatible, reasons, countries } = await ask();
  assert.deepEqual([compatible, reasons[0]?.code], [false, 'no_network']);
  assert.deepEqual(countries, [
    { country: 'NL', networks: 0 },
    { country: 'DE', networks: 0 },
  ]);
});

test('an eSIM that is deleted takes no bundle', async () => {
  await query(ctx.db, "update esims.esims set state = 'deleted' where id = $1", [esim?.id]);
  assert.ok((await codes()).includes('esim_ended'));
});
