// A SIM card leaves the stock to who knows its registration code; wrong codes are counted, and not many are heard.
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { isSealedCode } from './registration_code.ts';
import type { TakenSim } from './taken_sim.ts';

/**
 * Takes the SIM card with this ICCID out of stock. Undefined when there is no such card, the code is wrong, or 10 wrong
 * ones were given before: a wrong one is counted, so the `write` that this is called in must not be rolled back for it.
 */
export async function takeCard(
  tx: Ctx,
  { iccid, registrationCode }: { iccid: string; registrationCode: string },
): Promise<TakenSim | undefined> {
  const [card] = await query<CardRow>(tx.db, lockCard, [iccid]);
  if (!card || card.registration_failures >= failuresMax) return undefined;
  const { registration_code: sealed, registration_failures: _, ...taken } = card;
  const isRight = isSealedCode(tx, { iccid, sealed, code: registrationCode });
  await query(tx.db, isRight ? markTaken : countFailure, [iccid]);
  return isRight ? taken : undefined;
}

type CardRow = TakenSim & { registration_code: Buffer; registration_failures: number };

const failuresMax = 10;

const lockCard = `
  select s.iccid, s.imsi, s.msisdn, t.core, s.registration_code, s.registration_failures
  from inventory.sim_profiles s join inventory.profile_types t on t.id = s.profile_type_id
  where s.iccid = $1 and s.state = 'available' and s.registration_code is not null
  for update of s`;

const markTaken = "update inventory.sim_profiles set state = 'used' where iccid = $1";
const countFailure =
  'update inventory.sim_profiles set registration_failures = registration_failures + 1 where iccid = $1';
