// For tests of the door: SIMs that a client has ordered, what devices make of them, and what they use.
import type { Bundle } from '../../modules/bundles/index.ts';
import { listBundles } from '../../modules/bundles/index.ts';
import { type Esim, followProfile, listEsimsOfOrder } from '../../modules/esims/index.ts';
import { placeOrder } from '../../modules/orders/index.ts';
import { recordUsage } from '../../modules/usage/index.ts';
import { write } from '../../pg/write.ts';
import type { Ctx } from '../http/core.ts';
import { type Connect, data1Gb, type Party } from './test_connect.ts';

/** A new SIM of `of` with these products on it, one after the other. */
export async function newSim(
  door: Connect,
  { of = door.account, products = [data1Gb.name], ...more }: NewTestSim = {},
): Promise<{ sim: Esim; bundles: Bundle[]; orderId: string }> {
  const { id: accountId, currency } = of.account;
  const place = (input: Omit<PlaceOrder, 'accountId' | 'currency'>) =>
    placeOrder(door.ctx, { accountId, currency, ...input });
  const [first = '', ...others] = products;
  const { id: orderId } = await place({ lines: [{ product: first, ...more.line }], ...more.order });
  await door.fulfil();
  const [sim] = await listEsimsOfOrder(door.ctx, { accountId, orderId, limit: 1 });
  if (!sim) throw new Error('the order made no SIM');
  for (const product of others) await place({ lines: [{ product, esims: [sim.id] }] });
  await door.fulfil();
  return { sim, orderId, bundles: await listBundles(door.ctx, { accountId, esimId: sim.id }) };
}

type PlaceOrder = Parameters<typeof placeOrder>[1];

export type NewTestSim = {
  of?: Party;
  products?: readonly string[];
  /** Of the line that makes the SIM. */
  line?: Partial<PlaceOrder['lines'][number]>;
  order?: Partial<PlaceOrder>;
};

/** What a device reports to the SM-DP+. */
export async function moveSim(
  ctx: Ctx,
  { iccid }: Esim,
  move: Partial<Parameters<typeof followProfile>[1]>,
): Promise<void> {
  await write(ctx, {}, async (tx) => {
    const statement = followProfile(tx, {
      iccid,
      from: 'released',
      to: 'installed',
      at: new Date(),
      ...move,
    });
    if (statement) tx.alongCommit(statement);
  });
}

/** Data of a SIM, in the Netherlands, at this moment. */
export async function useData(ctx: Ctx, { iccid, accountId }: Esim, bytesDown: bigint): Promise<void> {
  const record = { id: `r${++records}`, sim: iccid, kind: 'data' as const, at: new Date(), country: null };
  const amounts = { bytesUp: 0n, bytesDown, units: 0n, mcc: '204', mnc: '08' };
  await recordUsage(ctx, { accountId, source: 'api', records: [{ ...record, ...amounts }] });
}

let records = 0;
