// eSIMs, from the core to the wire.
import { installLinks } from '../../../modules/activation/index.ts';
import { activationCodeOf, type Esim, type EsimState } from '../../../modules/esims/index.ts';
import type { Event } from '../../../modules/events/index.ts';
import type { Sim, SimStatus } from '../../../modules/sims/index.ts';
import { writeTime } from '../wire/time.ts';
import { writeLastAction } from './history_translate.ts';
import type { SimCodes } from './sim_codes.ts';

/** An eSIM of a list, with the last event about it. */
export function writeEsimItem(esim: Esim, last: Event | undefined) {
  return {
    iccid: esim.iccid,
    customerRef: esim.customerReference ?? '',
    ...writeLastAction(last),
    physical: esim.origin === 'card',
    assignedDate: writeTime(esim.createdAt),
  };
}

/** All of an eSIM. `sim` is its line, if it has one; `fields` are those asked for in addition. */
export function writeEsim(esim: Esim, of: { sim: Sim | undefined; codes: SimCodes; fields: string[] }) {
  return {
    ...writeInstallation(esim, of.codes),
    firstInstalledDateTime: esim.installedAt?.getTime() ?? 0,
    customerRef: esim.customerReference ?? '',
    state: writeState(esim, of.sim),
    ...writeInstallUrls(esim, of.fields),
  };
}

/** What is needed to install an eSIM, and how far that has come. */
export function writeInstallation(esim: Esim, { pin, puk }: SimCodes) {
  return {
    iccid: esim.iccid,
    pin,
    puk,
    matchingId: esim.matchingId ?? '',
    smdpAddress: esim.smdpAddress,
    profileStatus: profileStatuses[esim.state],
  };
}

const profileStatuses: Record<EsimState, 'Released' | 'Downloaded' | 'Installed' | 'Unavailable'> = {
  available: 'Released',
  downloaded: 'Downloaded',
  installed: 'Installed',
  deleted: 'Unavailable',
  failed: 'Unavailable',
};

/** `appleInstallUrl` asks for that one, `installUrl` for both; an eSIM without an activation code has none. */
export function writeInstallUrls(
  esim: Esim,
  fields: readonly string[],
): { appleInstallUrl?: string; androidInstallUrl?: string } {
  const code = activationCodeOf(esim);
  if (code === null) return {};
  const { ios, android } = installLinks(code);
  const isBoth = fields.includes('installUrl');
  return {
    ...((isBoth || fields.includes('appleInstallUrl')) && { appleInstallUrl: ios }),
    ...((isBoth || fields.includes('androidInstallUrl')) && { androidInstallUrl: android }),
  };
}

/** Where the line is, or where it is on its way to. */
export function writeState({ state }: Pick<Esim, 'state'>, sim: Sim | undefined) {
  if (state === 'deleted' || state === 'failed' || !sim) return 'Deactivated';
  return lineStates[sim.scheduledStatus ?? sim.status];
}

const lineStates: Record<SimStatus, 'Active' | 'Suspended' | 'Deactivated'> = {
  new: 'Active',
  ready: 'Active',
  active: 'Active',
  inactive: 'Suspended',
  ended: 'Deactivated',
};
