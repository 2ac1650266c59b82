// How a line moves from one status to the next, and what each status brings with it.
import { AppError } from '../../base/app_error.ts';
import { addMonths, readyMonthsMax } from './billing/billing_period.ts';
import { closeReadyPeriod, type LineChange, startPeriod, tell } from './line_change.ts';
import { coreTask, hasRemoteCore, type SimStatus, simMoves, type WantedStatus } from './sim.ts';

/**
 * Moves the line to `to`: at once, or when its mobile core has confirmed it if that has to do something for it. Throws
 * `status_not_allowed` when the line cannot go there, `status_scheduled` when it is on its way elsewhere.
 */
export function wantStatus(change: LineChange, to: WantedStatus, at: Date): void {
  const { sim } = change;
  if ((sim.scheduledStatus ?? sim.status) === to) return;
  checkNotScheduled(change);
  checkMove(sim.status, to);
  if (hasRemoteCore(sim) && coreTask(sim) !== coreTask({ ...sim, status: to })) {
    sim.scheduledStatus = to;
    tell(change, 'sim.updated', at, { status: sim.status, scheduledStatus: to });
  } else moveStatus(change, to, at);
}

/** Moves the line to `to` at once. Throws `status_not_allowed` when it cannot go there. */
export function moveStatus(change: LineChange, to: WantedStatus, at: Date): void {
  const from = change.sim.status;
  checkMove(from, to);
  change.sim.status = to;
  tell(change, 'sim.status_changed', at, { from, to });
  enter[to](change, at);
}

/** Throws `status_scheduled` while the mobile core has not confirmed the last change of status. */
export function checkNotScheduled({ sim }: LineChange): void {
  if (sim.scheduledStatus !== null)
    throw new AppError(
      'status_scheduled',
      `The SIM is on its way to ${sim.scheduledStatus}: wait until its mobile core has confirmed that.`,
    );
}

function checkMove(from: SimStatus, to: SimStatus): void {
  if (simMoves[from].includes(to)) return;
  const allowed = simMoves[from].join(', ') || 'nothing else';
  throw new AppError('status_not_allowed', `The SIM is ${from}: it can become ${allowed}, not ${to}.`);
}

const enter: Record<WantedStatus, (change: LineChange, at: Date) => void> = {
  ready(change, at) {
    Object.assign(change.sim, { readyBytes: 0n, readySms: 0, dueAt: addMonths(at, readyMonthsMax) });
    startPeriod(change, { kind: 'ready', startsAt: at, endsAt: null });
  },
  active(change, at) {
    const { sim } = change;
    const isPaid = sim.periodEndsAt !== null && sim.periodEndsAt > at;
    if (!isPaid) startPeriod(change, { kind: 'active', startsAt: at, endsAt: addMonths(at, 1) });
    sim.dueAt = sim.periodEndsAt;
  },
  inactive: leaveService,
  ended: leaveService,
};

function leaveService(change: LineChange, at: Date): void {
  change.sim.dueAt = null;
  closeReadyPeriod(change, at);
  leaveNetwork(change, at);
}

/** The line is no longer attached. */
export function leaveNetwork(change: LineChange, at: Date): void {
  const { sim } = change;
  if (!sim.attached) return;
  Object.assign(sim, { attached: false, ipV4: null, ipV6: null });
  tell(change, 'sim.detached', at, { country: sim.country, mcc: sim.mcc, mnc: sim.mnc });
}
