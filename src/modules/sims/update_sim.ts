// What an account may change of its lines: their names, fleets and statuses.
import type { Ctx } from '../../pg/ctx.ts';
import { followDataLimit } from './billing/data_limit.ts';
import { getSim } from './find_sims.ts';
import { getFleet } from './fleets/find_fleets.ts';
import { getNetworkAccessProfile } from './fleets/find_network_access_profiles.ts';
import type { Fleet } from './fleets/fleet.ts';
import { type LineChange, tell } from './line_change.ts';
import { changeLine } from './lock_lines.ts';
import { checkNotScheduled, wantStatus } from './move_status.ts';
import type { FleetRules, Sim, WantedStatus } from './sim.ts';
import { checkUniqueName } from './unique_name.ts';

/**
 * Changes the account's line with this key (see `getSim`) and gives it; what is left out stays. A status is taken at
 * once, or scheduled until the line's mobile core has confirmed it. Throws `not_found` for an unknown line or fleet,
 * `invalid_request` for a name that cannot be one, `name_taken`, `status_not_allowed` for a status that the line cannot
 * go to, `status_scheduled` for a status or fleet while another status is on its way. Call it in a `write`.
 */
export async function updateSim(tx: Ctx, input: UpdateSim): Promise<Sim> {
  const { accountId, key, uniqueName, status } = input;
  if (typeof uniqueName === 'string') checkUniqueName(uniqueName);
  const fleet = await loadFleet(tx, input);
  const id = await changeLine(tx, { accountId, key }, (change) => {
    if (uniqueName !== undefined) change.sim.uniqueName = uniqueName;
    if (fleet !== undefined) joinFleet(change, fleet, tx.now);
    tellChanges(change, tx.now);
    if (status !== undefined) wantStatus(change, status, tx.now);
    return change.sim.id;
  });
  return await getSim(tx, { accountId, key: id });
}

export type UpdateSim = {
  accountId: string;
  key: string;
  uniqueName?: string | null;
  status?: WantedStatus;
  /** Id or unique name; null for none. */
  fleet?: string | null;
};

type JoinedFleet = { id: string; rules: FleetRules };

async function loadFleet(tx: Ctx, { accountId, fleet }: UpdateSim): Promise<JoinedFleet | null | undefined> {
  if (fleet === undefined || fleet === null) return fleet;
  const found = await getFleet(tx, { accountId, key: fleet });
  const { networks } = await getNetworkAccessProfile(tx, { accountId, key: found.networkAccessProfileId });
  return { id: found.id, rules: { ...rulesOf(found), networks } };
}

function rulesOf(fleet: Fleet): Omit<FleetRules, 'networks'> {
  const { uniqueName, apn, dataEnabled, dataLimitBytes, smsCommandsEnabled } = fleet;
  return { uniqueName, apn, dataEnabled, dataLimitBytes, smsCommandsEnabled };
}

function joinFleet(change: LineChange, fleet: JoinedFleet | null, now: Date): void {
  if ((fleet?.id ?? null) === change.sim.fleetId) return;
  checkNotScheduled(change);
  change.sim.fleetId = fleet?.id ?? null;
  change.sim.fleet = fleet?.rules ?? null;
  followDataLimit(change, now);
}

function tellChanges(change: LineChange, now: Date): void {
  const { before, sim } = change;
  if (before.uniqueName === sim.uniqueName && before.fleetId === sim.fleetId) return;
  tell(change, 'sim.updated', now, { fleetId: sim.fleetId });
}
