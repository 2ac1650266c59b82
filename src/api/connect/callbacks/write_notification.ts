// An event as the notification that the vendor makes of it.
import { AppError } from '../../../base/app_error.ts';
import { type Bundle, getBundle, remainingOf } from '../../../modules/bundles/index.ts';
import { findEsims } from '../../../modules/esims/index.ts';
import type { Event } from '../../../modules/events/index.ts';
import type { Ctx } from '../../http/core.ts';
import { writeDate } from '../wire/date.ts';
import { progressOf } from './download_progress.ts';
import type { Notification, NotificationType } from './notification.ts';

/** Null for an event that is none of this type, or about what is the account's no longer. */
export async function writeNotification(
  ctx: Ctx,
  event: Event,
  { type, version }: Notification,
): Promise<object | null> {
  const more = await writers[type]({ ctx, event, version });
  const iccid = more && (await iccidOf(ctx, event));
  return iccid ? { id: event.id, type, iccid, ...more } : null;
}

type Told = { ctx: Ctx; event: Event; version: 1 | 2 };
type WriteMore = (told: Told) => Promise<object | null> | object | null;

const writers: Record<NotificationType, WriteMore> = {
  USAGE_THRESHOLD: async (told) => {
    const { threshold, allowance, remaining } = told.event.data;
    if (threshold !== toldThreshold || allowance !== 'data') return null;
    const subscription = await writeSubscription(told, Number(remaining));
    return subscription && { threshold, ...subscription };
  },
  SUBSCRIPTION_END: (told) => writeSubscription(told),
  DOWNLOAD_PROGRESS: ({ event }) => {
    const progress = progressOf(event);
    const { eid } = event.data;
    return progress && { ...(typeof eid === 'string' && { eid }), ...progress };
  },
};

/** The only percentage that the vendor tells. */
const toldThreshold = 80;

/** Version 2 says until when it lasts, and what is left; `remaining` is what was left when that was recorded. */
async function writeSubscription({ ctx, event, version }: Told, remaining?: number): Promise<object | null> {
  const { accountId, resourceId } = event;
  const bundle = await getBundle(ctx, { accountId, bundleId: resourceId }).catch(nullIfUnknown);
  if (!bundle) return null;
  return {
    subscription_id: bundle.id,
    ...(version === 2 && {
      ...(bundle.endsAt && { expiration_date: writeDate(bundle.endsAt) }),
      current_balance: remaining ?? balanceOf(bundle),
    }),
  };
}

function balanceOf({ allowances: { data } }: Bundle): number {
  return data ? Number(remainingOf(data) ?? -1) : 0;
}

/** Of bundles the data name the eSIM; else it is what the event is about. */
async function iccidOf(ctx: Ctx, { accountId, resourceId, data }: Event): Promise<string | undefined> {
  const { esimId = resourceId } = data;
  const [esim] = await findEsims(ctx, { accountId, idsOrIccids: [String(esimId)] });
  return esim?.iccid;
}

function nullIfUnknown(error: unknown): null {
  if (error instanceof AppError && error.code === 'not_found') return null;
  throw error;
}
