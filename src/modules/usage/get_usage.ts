// Questions about usage: sums by SIM, fleet, network or country, per hour, day or altogether, with their freshness.
import { AppError, type FieldError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { networkById } from '../catalogue/index.ts';
import { addMonths, getFleet, getSim } from '../sims/index.ts';
import { type Freshness, findFreshness } from './freshness.ts';
import { type FoundFilter, loadSums } from './load_sums.ts';
import { dayMs, hourMs, usageLimits } from './usage_limits.ts';
import type { UsageFilter, UsageQuestion, UsageSum } from './usage_question.ts';

/**
 * A page of up to `limit` sums of the account in the order of time and group, or in the opposite order with
 * `newestFirst`: those later than `after`, or the ones next earlier than `before`; neither for the first ones. `from` is
 * moved back and `to` forward to a whole hour, or to a whole day (UTC) when asked per day. A record belongs to the hour
 * its `at` lies in. Throws `invalid_request` when the span is empty, begins more than 18 months ago, or is longer than 31
 * days when asked per hour and SIM; `not_found` for an unknown SIM, fleet or network.
 */
export async function getUsage(ctx: Ctx, question: UsageQuestion): Promise<UsageAnswer> {
  const { from, to } = wholeSpan(question);
  checkSpan(ctx.now, { ...question, from, to });
  const found = await findFilter(ctx, question.accountId, question.filter);
  const sums = await loadSums(ctx, { ...question, from, to }, found);
  const freshness = await findFreshness(ctx, { accountId: question.accountId, simId: found.simId });
  return { from, to, sums, freshness };
}

export type UsageAnswer = { from: Date; to: Date; sums: UsageSum[]; freshness: Freshness };

async function findFilter(ctx: Ctx, accountId: string, filter: UsageFilter): Promise<FoundFilter> {
  const { sim, fleet, network, country } = filter;
  const [foundSim, foundFleet] = await Promise.all([
    sim === undefined ? null : getSim(ctx, { accountId, key: sim }),
    fleet === undefined ? null : getFleet(ctx, { accountId, key: fleet }),
  ]);
  return {
    simId: foundSim?.id ?? null,
    fleetId: foundFleet?.id ?? null,
    network: network === undefined ? null : findNetwork(network),
    country: country ?? null,
  };
}

function findNetwork(key: string): string {
  const network = networkById(key);
  if (network) return network.mcc + network.mnc;
  if (/^\d{5,6}$/.test(key)) return key;
  throw new AppError('not_found', 'There is no such network.');
}

function wholeSpan({ from, to, granularity }: UsageQuestion): { from: Date; to: Date } {
  const unitMs = granularity === 'day' ? dayMs : hourMs;
  return {
    from: new Date(Math.floor(from.getTime() / unitMs) * unitMs),
    to: new Date(Math.ceil(to.getTime() / unitMs) * unitMs),
  };
}

type Span = Pick<UsageQuestion, 'from' | 'to' | 'group' | 'granularity'>;

function checkSpan(now: Date, { from, to, group, granularity }: Span): void {
  const { askedAgoMonthsMax, hoursBySimDaysMax } = usageLimits;
  const oldest = addMonths(now, -askedAgoMonthsMax);
  const days = (to.getTime() - from.getTime()) / dayMs;
  // A whole day more: `from` was moved back to the beginning of its hour or day.
  if (from.getTime() < oldest.getTime() - dayMs)
    throw refusal({ field: 'from', detail: `give a time of the last ${askedAgoMonthsMax} months` });
  if (!(days > 0)) throw refusal({ field: 'to', detail: 'give a time after from' });
  if (group === 'sim' && granularity === 'hour' && days > hoursBySimDaysMax)
    throw refusal({ field: 'to', detail: `ask for at most ${hoursBySimDaysMax} days by SIM and hour` });
}

function refusal(field: FieldError): AppError {
  return new AppError('invalid_request', 'Usage cannot be asked for like this.', { fields: [field] });
}
