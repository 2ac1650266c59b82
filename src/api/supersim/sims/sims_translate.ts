// SIMs, from the core to the wire.
import type { Sim, SimStatus } from '../../../modules/sims/index.ts';
import { writeSid } from '../wire/sid.ts';
import { writeTime } from '../wire/time.ts';

export const simStatuses = ['new', 'ready', 'active', 'inactive', 'scheduled'] as const;
export type SimStatusShown = (typeof simStatuses)[number];

/** One that has ended is blocked for good: the vendor has no word for that. */
const statusOf: Record<SimStatus, SimStatusShown> = {
  new: 'new',
  ready: 'ready',
  active: 'active',
  inactive: 'inactive',
  ended: 'inactive',
};

export const statusesShownAs: Record<SimStatusShown, readonly (SimStatus | 'scheduled')[]> = {
  new: ['new'],
  ready: ['ready'],
  active: ['active'],
  inactive: ['inactive', 'ended'],
  scheduled: ['scheduled'],
};

export function writeSim(sim: Sim, base: string) {
  const sid = writeSid('sim', sim.id);
  const url = `${base}/Sims/${sid}`;
  return {
    sid,
    unique_name: sim.uniqueName,
    account_sid: writeSid('account', sim.accountId),
    iccid: sim.iccid,
    status: sim.scheduledStatus === null ? statusOf[sim.status] : 'scheduled',
    fleet_sid: sim.fleetId === null ? null : writeSid('fleet', sim.fleetId),
    date_created: writeTime(sim.createdAt),
    date_updated: writeTime(sim.updatedAt),
    url,
    links: { billing_periods: `${url}/BillingPeriods`, sim_ip_addresses: `${url}/IpAddresses` },
  };
}
