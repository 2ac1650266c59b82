// A line comes to a network, moves on within it, and leaves: what a core, or the simulated network, tells.
import { AppError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { type Network, networkByCode } from '../../catalogue/index.ts';
import { type LineChange, tell } from '../line_change.ts';
import { changeLine } from '../lock_lines.ts';
import { leaveNetwork } from '../move_status.ts';
import { apnDefault, mayUseData, type Sim, type SimStatus } from '../sim.ts';
import { ipV4Of } from './ip_address.ts';
import { placeLine } from './place_line.ts';

/**
 * Lets the line (see `lockLines`) attach to a network, or says why it may not. Throws `not_found` for an unknown line,
 * `invalid_request` for a time that is not past. Call it in a `write`.
 */
export async function attachLine(tx: Ctx, input: SeenLine): Promise<Attachment> {
  const at = readMoment(tx, input.at);
  const network = networkByCode(input.mcc, input.mnc);
  return await changeLine(tx, { accountId: input.accountId, key: input.sim }, (change) => {
    const cause = refusalOf(change.sim, network);
    if (cause === null) attach(change, { ...input, at, country: network?.country ?? null }, tx.now);
    return writeAttachment(change.sim, network, cause);
  });
}

export type SeenLine = {
  /** Only a line of this account; null for any. */
  accountId: string | null;
  sim: string;
  /** 3 digits, and 2 or 3. */
  mcc: string;
  mnc: string;
  /** When it was seen; now if left out. */
  at?: Date;
};

export type Attachment = {
  allowed: boolean;
  cause: AttachCause | null;
  ipV4: string | null;
  apn: string;
  dataAllowed: boolean;
  /** Slowed down to this; null for full speed. */
  speedKbps: number | null;
  networkName: string | null;
  /** ISO 3166-1 alpha-2, of the network. */
  country: string | null;
};

export type AttachCause = 'line_not_ready' | 'line_inactive' | 'network_forbidden' | 'unknown_network';

/**
 * The attached line is in another network or country now. Throws as `attachLine`, and `conflict` when the line is not
 * attached. Call it in a `write`.
 */
export async function locateLine(tx: Ctx, input: SeenLine): Promise<Attachment> {
  const at = readMoment(tx, input.at);
  const network = networkByCode(input.mcc, input.mnc);
  return await changeLine(tx, { accountId: input.accountId, key: input.sim }, (change) => {
    if (!change.sim.attached) throw new AppError('conflict', 'The SIM is not attached: tell its attachment.');
    const cause = refusalOf(change.sim, network);
    if (cause === null) placeLine(change, { ...input, at, country: network?.country ?? null }, tx.now);
    else leaveNetwork(change, tx.now);
    return writeAttachment(change.sim, network, cause);
  });
}

/** The line left the network; told again, it changes nothing. Throws `not_found`. Call it in a `write`. */
export async function detachLine(tx: Ctx, input: { accountId: string | null; sim: string }): Promise<void> {
  await changeLine(tx, { accountId: input.accountId, key: input.sim }, (change) =>
    leaveNetwork(change, tx.now),
  );
}

/** A core's clock may be ahead of ours by this much. */
const aheadMsMax = 5 * 60_000;

function readMoment({ now }: Ctx, at: Date = now): Date {
  if (at.getTime() <= now.getTime() + aheadMsMax) return at < now ? at : now;
  const detail = 'give a time that is past';
  throw new AppError('invalid_request', `at: ${detail}.`, { fields: [{ field: 'at', detail }] });
}

function refusalOf(sim: Sim, network: Network | undefined): AttachCause | null {
  const cause = causes[sim.status];
  if (cause !== undefined) return cause;
  if (network === undefined) return 'unknown_network';
  return sim.fleet === null || sim.fleet.networks.includes(network.id) ? null : 'network_forbidden';
}

const causes: Partial<Record<SimStatus, AttachCause>> = {
  new: 'line_not_ready',
  inactive: 'line_inactive',
  ended: 'line_inactive',
};

type SeenPlace = { country: string | null; mcc: string; mnc: string; at: Date };

function attach(change: LineChange, place: SeenPlace, now: Date): void {
  const { sim } = change;
  const { country, mcc, mnc, at } = place;
  const wasAttached = sim.attached && sim.mcc === mcc && sim.mnc === mnc;
  placeLine(change, place, now);
  Object.assign(sim, { attached: true, ipV4: sim.ipV4 ?? ipV4Of(sim) });
  if (sim.firstAttachedAt === null) {
    sim.firstAttachedAt = at;
    tell(change, 'sim.first_attached', now, { country, mcc, mnc, at });
  }
  if (!wasAttached) tell(change, 'sim.attached', now, { country, mcc, mnc, at });
}

function writeAttachment(sim: Sim, network: Network | undefined, cause: AttachCause | null): Attachment {
  const allowed = cause === null;
  return {
    allowed,
    cause,
    ipV4: allowed ? sim.ipV4 : null,
    apn: sim.fleet?.apn ?? apnDefault,
    dataAllowed: allowed && mayUseData(sim),
    speedKbps: sim.speedKbps,
    networkName: network?.brand ?? null,
    country: network?.country ?? null,
  };
}
