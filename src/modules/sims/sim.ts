// A line: the SIM of an eSIM as the network sees it, the states it goes through, and what its mobile core must know of it.
import type { Id } from '../../base/ids.ts';
import type { MobileCoreName } from './cores/mobile_core.ts';

export type SimStatus = 'new' | 'ready' | 'active' | 'inactive' | 'ended';

/** What a line may be asked to become. */
export type WantedStatus = Exclude<SimStatus, 'new'>;

export type Sim = {
  id: Id<'sim'>;
  accountId: string;
  esimId: string;
  iccid: string;
  /** Null when only the operator of a remote SM-DP+ knows it. */
  imsi: string | null;
  msisdn: string | null;
  uniqueName: string | null;
  fleetId: string | null;
  /** What its fleet says about it; null without a fleet. */
  fleet: FleetRules | null;
  status: SimStatus;
  /** Where it goes as soon as its mobile core has taken it over. */
  scheduledStatus: WantedStatus | null;
  attached: boolean;
  /** ISO 3166-1 alpha-2. */
  country: string | null;
  mcc: string | null;
  mnc: string | null;
  ipV4: string | null;
  ipV6: string | null;
  /** As of when the network told where it is. */
  locatedAt: Date | null;
  firstAttachedAt: Date | null;
  firstUsedAt: Date | null;
  /** Used since it became ready. */
  readyBytes: bigint;
  readySms: number;
  /** The billing period under way; one without an end lasts as long as the line is ready. */
  periodStartsAt: Date | null;
  periodEndsAt: Date | null;
  periodBytes: bigint;
  /** The data limit of its fleet is used up in this period. */
  dataBlocked: boolean;
  /** Slowed down by fair use; null for full speed. */
  speedKbps: number | null;
  /** When something happens to it by itself. */
  dueAt: Date | null;
  core: MobileCoreName;
  /** When its core is told next (wall clock); null when there is nothing to tell. */
  coreDueAt: Date | null;
  /** Failed attempts since the core was last told. */
  coreAttempts: number;
  /** The last failure, or what the core cannot honour when there was none. */
  coreError: string | null;
  coreToldAt: Date | null;
  coreVersion: bigint;
  createdAt: Date;
  updatedAt: Date;
};

export type FleetRules = {
  uniqueName: string | null;
  apn: string;
  dataEnabled: boolean;
  /** Of each line in each billing period; null for no limit. */
  dataLimitBytes: bigint | null;
  smsCommandsEnabled: boolean;
  /** Ids of the networks that a line may attach to. */
  networks: readonly string[];
};

/** A line that is held locked: what `lockLines` gives. */
export type Line = Readonly<Sim>;

/** Where a line may go from each status. */
export const simMoves: Record<SimStatus, readonly SimStatus[]> = {
  new: ['ready', 'active', 'inactive', 'ended'],
  ready: ['active', 'inactive', 'ended'],
  active: ['inactive', 'ended'],
  inactive: ['active', 'ended'],
  ended: [],
};

/** True while it may attach and send and receive. */
export function isInService({ status }: Pick<Sim, 'status'>): boolean {
  return status === 'ready' || status === 'active';
}

export const apnDefault = 'internet';

/** What the mobile core must do for the line, with the status that it is in or on its way to: equal texts, nothing to tell. */
export function coreTask(sim: Sim): string {
  const status = sim.scheduledStatus ?? sim.status;
  if (status === 'ended') return 'remove';
  if (!mayUseData({ ...sim, status })) return 'disable';
  return `enable ${sim.fleet?.apn ?? apnDefault} ${sim.speedKbps ?? ''}`;
}

export function mayUseData(sim: Pick<Sim, 'status' | 'dataBlocked' | 'fleet'>): boolean {
  return isInService(sim) && !sim.dataBlocked && (sim.fleet?.dataEnabled ?? true);
}

/** True when its mobile core is another system, which learns of changes by being told. */
export function hasRemoteCore({ core }: Pick<Sim, 'core'>): boolean {
  return core !== 'simulated';
}
