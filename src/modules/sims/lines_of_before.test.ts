import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { silentLog } from '../../base/log.ts';
import { migrate, migrationsFolder } from '../../pg/migrate.ts';
import { query } from '../../pg/query.ts';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { getSim, listBillingPeriods } from './index.ts';

const folder = await mkdtemp(join(tmpdir(), 'overair-migrations-'));
after(() => rm(folder, { recursive: true, force: true }));
const database = await testDatabase({ empty: true });
const ctx = testCtx(database);

test('an eSIM that was sold before there were lines gets one when the database is migrated', async () => {
  for (const file of await readdir(migrationsFolder))
    if (file < '000012') await copyFile(fileURLToPath(new URL(file, migrationsFolder)), join(folder, file));
  await migrate(database, { log: silentLog, folder: pathToFileURL(`${folder}/`) });
  for (const statement of soldBefore) await query(ctx.db, statement, [ctx.now]);
  await migrate(database, { log: silentLog });
  const [used, bare] = await Promise.all(
    ['8900000000000000001', '8900000000000000002'].map((key) => getSim(ctx, { accountId: 'acc_1', key })),
  );
  assert.deepEqual([used?.id, used?.status, used?.imsi], ['sim_1', 'ready', '001010000000001']);
  assert.deepEqual([bare?.id, bare?.status], ['sim_2', 'new']);
  const periods = await listBillingPeriods(ctx, { accountId: 'acc_1', simId: 'sim_1' });
  assert.deepEqual(
    periods.map(({ kind, startsAt }) => [kind, startsAt]),
    [['ready', ctx.now]],
  );
  const [bundle] = await query<{ days: number }>(
    ctx.db,
    'select extract(day from lapses_at - assigned_at)::int as days from bundles.bundles',
  );
  assert.equal(bundle?.days, 365);
});

const soldBefore = [
  `insert into inventory.profile_types (id, name, personalisation, metadata, created_at) values ('pty_1', 'usim', 'full', '{}', $1)`,
  `insert into inventory.batches (id, profile_type_id, source, size, created_at) values ('bat_1', 'pty_1', 'generated', 2, $1)`,
  `insert into inventory.sim_profiles (iccid, profile_type_id, batch_id, imsi, secrets, state, order_id)
   select '890000000000000000' || n, 'pty_1', 'bat_1', '00101000000000' || n, '', 'used', 'ord_1'
   from generate_series(1, 2) as n where $1::timestamptz is not null`,
  `insert into esims.esims (id, account_id, order_id, iccid, state, smdp_address, install_token, created_at)
   select 'esm_' || n, 'acc_1', 'ord_1', '890000000000000000' || n, 'available', 'smdp.example.com', 'token' || n, $1::timestamptz
   from generate_series(1, 2) as n`,
  `insert into bundles.bundles (id, account_id, esim_id, order_id, product_id, product_name, state, unlimited, initial_bytes,
     remaining_bytes, validity_days, countries, assigned_at)
   values ('bun_1', 'acc_1', 'esm_1', 'ord_1', 'prd_1', 'p', 'queued', false, 100, 100, 7, '{NL}', $1)`,
];
