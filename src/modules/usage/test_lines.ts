// For tests: lines of an account with bundles to pay for their usage, and usage records to send for them.
import { newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { write } from '../../pg/write.ts';
import { type Account, createAccount } from '../accounts/index.ts';
import { assignBundles } from '../bundles/index.ts';
import type { Product } from '../catalogue/index.ts';
import { createSims, type Sim } from '../sims/index.ts';
import type { NewUsageRecord } from './usage_record.ts';

/** An account with `count` lines, each with bundles of these sizes, the oldest first. */
export async function openLines(
  ctx: Ctx,
  { count = 1, bundles = [1_000_000_000n] as readonly bigint[] } = {},
): Promise<{ account: Account; lines: Sim[] }> {
  return await write(ctx, {}, async (tx) => {
    const account = await createAccount(tx, { name: 'lines', kind: 'sandbox', currency: 'EUR' });
    const lines = await createSims(
      tx,
      Array.from({ length: count }, () => newLine(account.id, ++lastNumber)),
    );
    const wanted = lines.flatMap((line) =>
      bundles.map((dataBytes) => newBundle(line, { ...product, dataBytes })),
    );
    // In one call, so that the ids are in this order.
    await assignBundles(tx, wanted);
    return { account, lines };
  });
}

let lastNumber = 0;

function newLine(accountId: string, number: number): Parameters<typeof createSims>[1][number] {
  const digits = String(number).padStart(9, '0');
  return {
    accountId,
    esimId: newId('esim'),
    iccid: `8949000000${digits}`,
    imsi: `262010${digits}`,
    msisdn: null,
    core: 'simulated',
    status: 'ready',
  };
}

function newBundle({ accountId, esimId }: Sim, of: Product): Parameters<typeof assignBundles>[1][number] {
  return {
    accountId,
    esimId,
    orderId: newId('order'),
    product: of,
    requestId: newId('request'),
    paid: null,
    activatesAt: null,
  };
}

export const product: Product = {
  id: newId('product'),
  name: 'bundle',
  kind: 'bundle',
  description: 'Data, messages and seconds in Germany and the Netherlands',
  countries: ['DE', 'NL'],
  dataBytes: 1_000_000_000n,
  unlimited: false,
  smsCount: 100,
  voiceSeconds: 6_000,
  validityDays: 30,
  fairUse: null,
  thresholds: null,
  lapseDays: 365,
  refundDays: 60,
  speeds: ['4G'],
  groups: [],
  autostart: true,
  profileType: 'test-usim',
  state: 'active',
  prices: { EUR: 100n },
};

/** A record of 1,000 bytes down in Germany at noon, with an id of its own, unless said otherwise. */
export function dataRecord(line: Sim, other: Partial<NewUsageRecord> = {}): NewUsageRecord {
  return {
    id: `r${++lastNumber}`,
    sim: line.iccid,
    kind: 'data',
    at: new Date('2026-11-21T12:00:00Z'),
    bytesUp: 0n,
    bytesDown: 1_000n,
    units: 0n,
    mcc: '262',
    mnc: '01',
    country: null,
    ...other,
  };
}

/** What each bundle of the line has left, the oldest first. */
export async function bytesLeft(ctx: Ctx, { esimId }: Sim): Promise<bigint[]> {
  const rows = await query<{ remaining_bytes: bigint }>(
    ctx.db,
    'select remaining_bytes from bundles.bundles where esim_id = $1 order by id',
    [esimId],
  );
  return rows.map((row) => row.remaining_bytes);
}
