// For tests: eSIMs of the calling account with bundles on them, and what their lines do.
import { setTimeout as sleep } from 'node:timers/promises';
import { present } from '../../../base/assert.ts';
import { bundlesDueWork } from '../../../modules/bundles/index.ts';
import { type Esim, listEsimsOfOrder } from '../../../modules/esims/index.ts';
import { getOrder, type Order, type OrderLineInput, placeOrder } from '../../../modules/orders/index.ts';
import { attachLine } from '../../../modules/sims/index.ts';
import { recordUsage } from '../../../modules/usage/index.ts';
import { write } from '../../../pg/write.ts';
import { bundle1Gb, type EsimGo, type Party } from '../test_esimgo.ts';

export const bundleName = bundle1Gb.name;

export function shopper({ ctx: opened, account: own, fulfil }: EsimGo): Shopper {
  const now = () => ({ ...opened, now: new Date() });
  const order = async (line: Partial<OrderLineInput>, { account } = own) => {
    const { id: accountId, currency } = account;
    const lines = [{ product: bundleName, ...line }];
    const { id } = await placeOrder(now(), { accountId, currency, lines });
    // The door's own fulfilment may have taken it, and be busy with it.
    for (;;) {
      await fulfil();
      const placed = await getOrder(now(), { accountId, id });
      if (placed.endedAt !== null) return placed;
      await sleep(5);
    }
  };
  return {
    order,
    async buy(quantity, party = own) {
      const { id: orderId } = await order({ quantity }, party);
      return await listEsimsOfOrder(now(), { accountId: party.account.id, orderId, limit: 1_000 });
    },
    buyOne: async (party = own) => {
      const { id: orderId } = await order({ quantity: 1 }, party);
      const [esim] = await listEsimsOfOrder(now(), { accountId: party.account.id, orderId, limit: 1 });
      return present(esim, 'the eSIM of a fulfilled order');
    },
    async attach({ iccid, accountId }) {
      await write(now(), {}, (tx) => attachLine(tx, { accountId, sim: iccid, mcc: '204', mnc: '08' }));
    },
    async use({ iccid, accountId }, bytes) {
      const data = {
        sim: iccid,
        kind: 'data',
        at: new Date(),
        bytesUp: 0n,
        bytesDown: bytes,
        units: 0n,
      } as const;
      const record = { ...data, id: `use-${++used}`, mcc: '204', mnc: '08', country: null };
      await recordUsage(now(), { accountId, source: 'api', records: [record] });
    },
    async wait(days) {
      const later = { ...opened, now: new Date(Date.now() + days * 86_400_000) };
      while ((await bundlesDueWork.runDue(later, null)) > 0);
    },
  };
}

let used = 0;

export type Shopper = {
  /** An order of one line, fulfilled; of `bundleName` unless it says otherwise. */
  order(line: Partial<OrderLineInput>, party?: Party): Promise<Order>;
  /** New eSIMs, each with a bundle. */
  buy(quantity: number, party?: Party): Promise<Esim[]>;
  buyOne(party?: Party): Promise<Esim>;
  /** In the Netherlands. */
  attach(esim: Esim): Promise<void>;
  /** Data in the Netherlands, now. */
  use(esim: Esim, bytes: bigint): Promise<void>;
  /** What happens to bundles by themselves within so many days. */
  wait(days: number): Promise<void>;
};
