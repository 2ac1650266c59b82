import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Log } from '../../src/base/log.ts';
import { downloadProfile } from '../../src/device/lpa/download_profile.ts';
import { query } from '../../src/pg/query.ts';
import { startPlatform } from '../support/platform.ts';

const lines: string[] = [];
const keep = (fields: object, message?: string) =>
  void lines.push(
    `${JSON.stringify(fields, (_, value) => (value instanceof Error ? `${value.stack}` : value))} ${message}`,
  );
const log: Log = { debug: keep, info: keep, warn: keep, error: keep };

const ki = '0F1E2D3C4B5A69788796A5B4C3D2E1F0';
const opc = 'A0B1C2D3E4F5061728394A5B6C7D8E9F';
const confirmationCode = '83927164';
const { apiKey, call, order, device, server } = await startPlatform({}, log);

test('no secret of an order, a profile or a caller reaches the log or is at rest in the clear', async () => {
  await call('POST', '/profile-types', {
    name: 'own-keys',
    personalisation: 'full',
    metadata: { serviceProviderName: 'Own', profileName: 'Own', profileClass: 'operational' },
  });
  await call('POST', '/stock/batches', {
    profileType: 'own-keys',
    profiles: [{ iccid: '8949449999999990163', imsi: '001010123456063', ki, opc, adm1: '83650194' }],
  });
  await call('PUT', '/products', {
    products: [
      {
        name: 'own',
        kind: 'esim',
        description: 'own',
        countries: [],
        profileType: 'own-keys',
        prices: [{ amount: '1.00', currency: 'EUR' }],
      },
    ],
  });
  const [esim] = await order({ product: 'own', confirmationCode });
  await call('GET', '/orders/ord_unknown', undefined, { authorization: `Bearer ${apiKey}x` });
  await call('POST', '/orders', '{"confirmationCode": "83927164"');
  await downloadProfile(device().lpa, esim.activationCode, { confirmationCode: () => confirmationCode });

  const secrets = [apiKey, ki, opc, confirmationCode, '83650194'];
  const logged = lines.join('\n').toUpperCase();
  assert.ok(lines.length > 3);
  for (const secret of secrets) assert.ok(!logged.includes(secret.toUpperCase()), `${secret} is in the log`);

  const stored = (await everything()).toUpperCase();
  const asBytes = [Buffer.from(ki, 'hex'), Buffer.from(opc, 'hex')].map((bytes) =>
    bytes.toString('base64').toUpperCase(),
  );
  for (const secret of [...secrets, ...asBytes])
    assert.ok(!stored.includes(secret.toUpperCase()), `${secret} is in the database`);
});

/** Every row of every table as text. */
async function everything(): Promise<string> {
  const { kysely } = server.installation.database;
  const tables = await query<{ name: string }>(
    kysely,
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
  );
  const rows = await Promise.all(
    tables.map(({ name }) => query<{ row: string }>(kysely, `select t::text as row from ${name} t`)),
  );
  return rows
    .flat()
    .map(({ row }) => row)
    .join('\n');
}
