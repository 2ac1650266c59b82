// Where the devices of fleets send their commands, for all fleets of a page in one query.
import { type Callback, findCallbacks } from '../../../modules/webhooks/index.ts';
import type { Ctx } from '../../http/core.ts';
import type { CallbackTopic } from './topics.ts';

/** The callbacks of each of these fleets, under its id. */
export async function findFleetCallbacks(
  ctx: Ctx,
  { accountId, fleetIds }: { accountId: string; fleetIds: readonly string[] },
): Promise<Map<string, FleetCallbacks>> {
  const found = await findCallbacks(ctx, { accountId, resourceIds: fleetIds });
  const byFleet = Map.groupBy(found, (each) => each.resourceId);
  return new Map(
    fleetIds.map((id) => {
      const callbacks = byFleet.get(id) ?? [];
      return [id, { sms: find(callbacks, 'fleet_sms_commands'), ip: find(callbacks, 'fleet_ip_commands') }];
    }),
  );
}

export type FleetCallbacks = { sms: FleetCallback | null; ip: FleetCallback | null };
export type FleetCallback = { url: string; method: 'GET' | 'POST' };

function find(callbacks: readonly Callback[], topic: CallbackTopic): FleetCallback | null {
  const found = callbacks.find((each) => each.topic === topic);
  return found ? { url: found.url, method: found.method } : null;
}
