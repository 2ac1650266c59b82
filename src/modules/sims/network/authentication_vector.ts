// Authentication vectors of the simulated core (TS 33.102 §6.3): the keys stay here, a challenge goes out once.
import { randomBytes } from 'node:crypto';
import { AppError } from '../../../base/app_error.ts';
import { present } from '../../../base/assert.ts';
import { milenage, writeSqn, xor } from '../../../crypto/milenage.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { getSubscription } from '../../inventory/index.ts';
import { lockSims } from '../lock_lines.ts';
import { hasRemoteCore, type Sim } from '../sim.ts';

/**
 * The next vector of this line (see `lockLines`). Throws `not_found`, and `conflict` for a line that has ended, belongs
 * to another core, which has vectors of its own, or whose keys are not here. Call it in a `write`.
 */
export async function authenticationVector(
  tx: Ctx,
  of: { accountId: string | null; sim: string },
): Promise<AuthenticationVector> {
  const sim = (await lockSims(tx, { accountId: of.accountId, keys: [of.sim] })).get(of.sim);
  if (!sim) throw new AppError('not_found', 'There is no such SIM.');
  checkCore(sim);
  const [row] = await query<{ sqn: bigint }>(tx.db, raiseSqn, [sim.id, sqnStep]);
  const sqn = present(row, 'a line that is locked').sqn;
  const { ki, opc } = await getSubscription(tx, sim.iccid);
  const rand = randomBytes(16);
  const { macA, res, ak } = milenage({ ki, opc, rand, sqn, amf });
  const autn = Buffer.concat([xor(writeSqn(sqn), ak), amf, macA]);
  return { rand, autn, xres: res };
}

/** RAND (16 bytes), AUTN (16: SQN masked by AK, AMF, MAC-A) and the answer to expect (8). */
export type AuthenticationVector = { rand: Uint8Array; autn: Uint8Array; xres: Uint8Array };

/** The separation bit is set, as for EPS (TS 33.102 annex H). */
const amf = Buffer.from('8000', 'hex');
/** The five bits below are the index of the card's array (TS 33.102 annex C.1.1). */
const sqnStep = 32n;

function checkCore(sim: Sim): void {
  if (hasRemoteCore(sim))
    throw new AppError('conflict', `The SIM belongs to the core ${sim.core}, which authenticates it itself.`);
  if (sim.imsi === null)
    throw new AppError(
      'conflict',
      'The keys of the SIM are with the operator whose SM-DP+ made its profile.',
    );
  if (sim.status === 'ended') throw new AppError('conflict', 'The SIM has ended.');
}

const raiseSqn = 'update sims.sims set sqn = sqn + $2 where id = $1 returning sqn';
