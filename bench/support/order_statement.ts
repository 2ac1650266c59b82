// The statement that accepts orders, as the product sends it, made into a script for pgbench with one order each time.
import { newId } from '../../src/base/ids.ts';
import { currentCatalogue } from '../../src/modules/catalogue/index.ts';
import { acceptOrders } from '../../src/modules/orders/accept_orders_sql.ts';
import type { Order } from '../../src/modules/orders/order.ts';
import type { Ctx, Db } from '../../src/pg/ctx.ts';
import { type BenchInstallation, product } from './installation.ts';

/** How many wallets the script pays from; `addPgbenchWallets` makes them. */
const wallets = 100;

/** `variables` go to pgbench; id, account and key of the order are made anew in each transaction. */
export async function singleOrderScript({
  ctx,
}: BenchInstallation): Promise<{ script: string; variables: Record<string, string> }> {
  const { sql, parameters } = await captureStatement(ctx());
  const order = [
    'replace(replace(replace(:json',
    "'ORDER', lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || substr(md5(random()::text), 1, 20))",
    "'WALLET', :wallet::text)",
    "'KEY', md5(random()::text))",
  ].join(', ');
  const script = `\\set wallet random(1, ${wallets})\n${sql.replace('$1', order)};\n`;
  return { script, variables: { json: String(parameters[0]) } };
}

/** The wallets of accounts that only pgbench knows. */
export async function addPgbenchWallets({ installation }: BenchInstallation): Promise<void> {
  await installation.database.pool.query(
    `insert into ledger.wallets (account_id, currency, funded_minor, available_minor)
     select 'acc_pgbench_' || n, 'EUR', 1000000000000, 1000000000000 from generate_series(1, ${wallets}) as n`,
  );
}

type Statement = { sql: string; parameters: readonly unknown[] };

/** Runs nothing: a database that only notes what it is asked. */
async function captureStatement(ctx: Ctx): Promise<Statement> {
  const asked: Statement[] = [];
  const db = {
    async executeQuery(statement: Statement) {
      asked.push(statement);
      return { rows: [] };
    },
  } as unknown as Db;
  const { revision } = await currentCatalogue(ctx);
  await acceptOrders({ ...ctx, db }, [
    {
      order: sampleOrder(ctx.now),
      idempotencyKey: 'KEY',
      inputHash: new Uint8Array(32),
      actor: newId('apiKey'),
      catalogueRevision: revision,
    },
  ]);
  const [statement] = asked;
  if (!statement) throw new Error('no statement was asked for');
  return statement;
}

function sampleOrder(now: Date): Order {
  return {
    id: 'ord_ORDER' as Order['id'],
    accountId: 'acc_pgbench_WALLET',
    status: 'accepted',
    lines: [
      {
        product,
        quantity: 1,
        unitPriceMinor: 180n,
        totalMinor: 180n,
        esimIds: null,
        withLine: null,
        profileType: null,
        delivery: 'activation_code',
        eid: null,
        sealedConfirmationCode: null,
        remoteConfirmationCode: null,
        assign: true,
        activatesAt: null,
        downloadBy: null,
        counted: false,
        requestLine: 0,
        allowReassign: false,
        fromInventory: false,
        lots: [],
        brandingId: undefined,
      },
    ],
    customerId: null,
    device: null,
    quantity: 1,
    fulfilled: 0,
    totalMinor: 180n,
    currency: 'EUR',
    reference: 'booking 4711',
    failure: null,
    requestId: newId('request'),
    createdAt: now,
    endedAt: null,
  };
}
