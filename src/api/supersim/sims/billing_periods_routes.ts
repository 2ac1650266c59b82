// The billing periods of a SIM.
import { isId } from '../../../base/ids.ts';
import { type BillingPeriod, getSim, listBillingPeriods } from '../../../modules/sims/index.ts';
import { listRoute, type Route } from '../route.ts';
import { readKey } from '../wire/resource_key.ts';
import { writeSid } from '../wire/sid.ts';
import { writeTime } from '../wire/time.ts';

export const billingPeriodRoutes: readonly Route[] = [
  listRoute({
    method: 'GET',
    path: '/Sims/{SimSid}/BillingPeriods',
    operationId: 'ListBillingPeriod',
    scope: 'read',
    key: 'billing_periods',
    list: async ({ ctx, account, params }, page) => {
      const accountId = account.id;
      const { id: simId } = await getSim(ctx, { accountId, key: readKey('sim', params['SimSid']) });
      return await listBillingPeriods(ctx, { accountId, simId, ...page });
    },
    placeOf: (period) => period.id,
    isPlace: (place) => isId('billingPeriod', place),
    write: (periods) => periods.map(writeBillingPeriod),
  }),
];

/** A ready SIM's period has its end when the SIM becomes something else: that is the one thing that changes in it. */
function writeBillingPeriod({ id, accountId, simId, startsAt, endsAt, kind }: BillingPeriod) {
  return {
    sid: writeSid('billingPeriod', id),
    account_sid: writeSid('account', accountId),
    sim_sid: writeSid('sim', simId),
    start_time: writeTime(startsAt),
    end_time: endsAt === null ? null : writeTime(endsAt),
    period_type: kind,
    date_created: writeTime(startsAt),
    date_updated: writeTime(kind === 'ready' ? (endsAt ?? startsAt) : startsAt),
  };
}
