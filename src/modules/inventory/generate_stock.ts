// Sandbox stock: SIM profiles with valid numbers from the test ranges and random keys.
import { randomBytes, randomInt } from 'node:crypto';
import { luhnDigit } from '../../base/digits.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { addStock, type NewSimProfile } from './add_stock.ts';
import type { ProfileType } from './profile_type.ts';
import { newRegistrationCode, sealBatchCodes } from './registration_code.ts';

/**
 * Adds `count` (1 to 10,000) generated SIM profiles, numbered on from the last generated one; with `registrationCodes`
 * as SIM cards, whose codes are given back sealed (see `openRegistrationCodes`). Call it in a `write`.
 */
export async function generateStock(ctx: Ctx, input: GeneratedStock): Promise<GeneratedBatch> {
  // One generator at a time: two must not give out the same numbers.
  await query(ctx.db, "select pg_advisory_xact_lock(hashtext('inventory.generate_stock'))");
  const [row] = await query<{ last: string | null }>(
    ctx.db,
    'select max(iccid) as last from inventory.sim_profiles where iccid like $1',
    [`${iccidRange}%`],
  );
  const first = row?.last ? Number(row.last.slice(iccidRange.length, -1)) + 1 : 1;
  const subscriptions = Array.from({ length: input.count }, (_, index) =>
    generate(first + index, input.profileType, input.registrationCodes === true),
  );
  const batch = await addStock(ctx, {
    accountId: input.accountId,
    profileType: input.profileType,
    source: 'generated',
    subscriptions,
  });
  const sealedCodes = input.registrationCodes ? sealBatchCodes(ctx, batch.batchId, subscriptions) : null;
  return { ...batch, sealedCodes };
}

export type GeneratedStock = {
  /** Who is told of the batch; null for nobody. */
  accountId: string | null;
  profileType: ProfileType;
  count: number;
  registrationCodes?: boolean;
};

export type GeneratedBatch = { batchId: string; size: number; sealedCodes: Uint8Array | null };

// 999 70 is the network for private use and tests (ITU-T E.212); 89 99 7 numbers cannot meet a real operator's.
const network = '99970';
const iccidRange = '8999701';

function generate(serial: number, profileType: ProfileType, isCard: boolean): NewSimProfile {
  const withoutCheck = `${iccidRange}${String(serial).padStart(11, '0')}`;
  return {
    iccid: withoutCheck + luhnDigit(withoutCheck),
    imsi: `${network}${String(serial).padStart(10, '0')}`,
    msisdn: `+999${String(serial).padStart(10, '0')}`,
    ki: randomBytes(16),
    opc: randomBytes(16),
    serviceProviderName: profileType.metadata.serviceProviderName.slice(0, 16),
    pin1: '0000',
    puk1: digits(8),
    pin2: digits(4),
    puk2: digits(8),
    adm1: digits(8),
    otaKeys: { kic: randomBytes(16), kid: randomBytes(16), kik: randomBytes(16) },
    ...(isCard && { registrationCode: newRegistrationCode() }),
  };
}

function digits(count: number): string {
  return String(randomInt(10 ** count)).padStart(count, '0');
}
