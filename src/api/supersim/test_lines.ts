// For tests of the door: lines of a party without any order, the network that they attach to, and what they use.
import { newId } from '../../base/ids.ts';
import { attachLine, createSims, type NewSim, type Sim, updateSim } from '../../modules/sims/index.ts';
import { type NewUsageRecord, recordUsage } from '../../modules/usage/index.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { write } from '../../pg/write.ts';
import type { Party } from './test_supersim.ts';

/** A line that is ready, with this unique name and fleet if given. */
export async function newLine(
  ctx: Ctx,
  { account }: Party,
  { uniqueName, fleet, ...parts }: Partial<NewSim> & { uniqueName?: string; fleet?: string } = {},
): Promise<Sim> {
  const digits = String(++lastNumber).padStart(9, '0');
  const numbers = { iccid: `8949000001${digits}`, imsi: `262011${digits}`, msisdn: null };
  const line = { esimId: newId('esim'), core: 'simulated', status: 'ready', ...numbers, ...parts } as const;
  const accountId = account.id;
  return await write(ctx, {}, async (tx) => {
    const [sim] = await createSims(tx, [{ ...line, accountId }]);
    const names = { ...(uniqueName !== undefined && { uniqueName }), ...(fleet !== undefined && { fleet }) };
    return await updateSim(tx, { accountId, key: sim?.id ?? '', ...names });
  });
}

let lastNumber = 0;

/** Attaches it in the Netherlands: it has an address then. */
export async function attach(ctx: Ctx, { accountId, id: sim }: Sim): Promise<string | null> {
  return (await write(ctx, {}, (tx) => attachLine(tx, { accountId, sim, mcc: '204', mnc: '08' }))).ipV4;
}

/** Data of a line: 1,000 bytes to the device in Germany at this moment, unless said otherwise. */
export async function useData(
  ctx: Ctx,
  sim: Sim,
  at: Date,
  parts: Partial<NewUsageRecord> = {},
): Promise<void> {
  const record = { id: `r${++lastNumber}`, sim: sim.iccid, kind: 'data' as const, at, country: null };
  const amounts = { bytesUp: 0n, bytesDown: 1_000n, units: 0n, mcc: '262', mnc: '01' };
  const records = [{ ...record, ...amounts, ...parts }];
  await recordUsage(ctx, { accountId: sim.accountId, source: 'api', records });
}
