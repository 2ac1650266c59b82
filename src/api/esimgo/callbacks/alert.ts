// An event as the alert that the vendor makes of it: the event says what happened, the eSIM and the bundle are looked up.
import { countryByCode } from '../../../modules/catalogue/index.ts';
import { findEsims } from '../../../modules/esims/index.ts';
import type { Event, EventType } from '../../../modules/events/index.ts';
import type { esimGoTypes } from '../../../modules/webhooks/index.ts';
import type { Ctx } from '../../http/core.ts';
import { type AlertBundle, type CallbackVersion, firstUsedBundle, reachedBundle } from './alert_bundle.ts';

export type Alert = {
  iccid: string;
  alertType: 'Utilisation' | 'FirstAttachment' | 'FirstUse' | 'CountryChange';
  bundle?: AlertBundle;
  country?: { code: string; name: string };
};

/** Null for an event that is no alert, or about what is the account's no longer. */
export async function writeAlert(ctx: Ctx, event: Event, version: CallbackVersion): Promise<Alert | null> {
  const write = writers.get(event.type);
  const { esimId } = event.data;
  if (!write || typeof esimId !== 'string') return null;
  const [esim] = await findEsims(ctx, { accountId: event.accountId, idsOrIccids: [esimId] });
  return esim ? await write({ ctx, event, version, esimId, iccid: esim.iccid }) : null;
}

type Told = { ctx: Ctx; event: Event; version: CallbackVersion; esimId: string; iccid: string };
type WriteAlert = (told: Told) => Promise<Alert | null> | Alert | null;

const writersByType: Record<(typeof esimGoTypes)[number], WriteAlert> = {
  async 'bundle.threshold_reached'({ ctx, event, version, iccid }) {
    const bundle = await reachedBundle(ctx, event, version);
    return bundle && { iccid, alertType: 'Utilisation', bundle };
  },
  /** Version 2 says no more than that it happened. */
  'sim.first_attached': ({ event, version, iccid }) => ({
    iccid,
    alertType: 'FirstAttachment',
    ...(version === 3 && countryOf(event.data['country'])),
  }),
  async 'sim.first_used'({ ctx, event, version, esimId, iccid }) {
    const bundle = await firstUsedBundle(ctx, { event, esimId, version });
    return bundle && { iccid, alertType: 'FirstUse', bundle };
  },
  'sim.country_changed': ({ event, iccid }) => ({
    iccid,
    alertType: 'CountryChange',
    ...countryOf(event.data['to']),
  }),
};

const writers = new Map<EventType, WriteAlert>(Object.entries(writersByType) as [EventType, WriteAlert][]);

function countryOf(code: unknown): Pick<Alert, 'country'> {
  if (typeof code !== 'string') return {};
  return { country: { code, name: countryByCode.get(code)?.name ?? code } };
}
