// Usage records: sums of what was used, by SIM, fleet, network or country, over time.
import { z } from 'zod';
import { networkById } from '../../../modules/catalogue/index.ts';
import { findSims, getFleet } from '../../../modules/sims/index.ts';
import { getUsage, type UsageFilter, type UsageGroup } from '../../../modules/usage/index.ts';
import type { ListPage } from '../../../pg/list.ts';
import { type Call, listRoute, type Route } from '../route.ts';
import { formChoice, formSid, formTime } from '../wire/form.ts';
import { formCountry } from '../wire/form_place.ts';
import { formKey, orMissing } from '../wire/resource_key.ts';
import { readSpan, type Span } from './usage_records_span.ts';
import {
  isPlace,
  readPlace,
  type UsageItem,
  writePlace,
  writeUsageRecord,
} from './usage_records_translate.ts';

const query = z.object({
  Sim: formKey('sim').exactOptional(),
  Fleet: formKey('fleet').exactOptional(),
  Network: formSid('network').exactOptional(),
  IsoCountry: formCountry.exactOptional(),
  Group: formChoice(['sim', 'fleet', 'network', 'isoCountry']).exactOptional(),
  Granularity: formChoice(['hour', 'day', 'all']).default('all'),
  StartTime: formTime.exactOptional(),
  EndTime: formTime.exactOptional(),
});

export const usageRecordRoutes: readonly Route[] = [
  listRoute({
    method: 'GET',
    path: '/UsageRecords',
    operationId: 'ListUsageRecord',
    scope: 'read',
    codes: { invalid_request: 83600 },
    query,
    key: 'usage_records',
    list: listUsage,
    placeOf: writePlace,
    isPlace,
    write: (items, { account }) => items.map((item) => writeUsageRecord(item, account.id)),
  }),
];

type UsageCall = Call<z.output<typeof query>, unknown>;

/** Newest first. What is not there has used nothing. */
async function listUsage(call: UsageCall, page: ListPage): Promise<UsageItem[]> {
  const group = readGroup(call);
  const { limit, span, ...place } = readPage(call, page, group);
  const filter = await findFilter(call);
  if (!filter) return [];
  const { sums, from, to } = await getUsage(call.ctx, {
    accountId: call.account.id,
    ...span,
    group,
    granularity: call.query.Granularity,
    filter,
    newestFirst: true,
    ...place,
    ...(limit !== undefined && { limit }),
  });
  return sums.map((sum) => ({ sum, asked: { from, to, group, filter } }));
}

function readGroup({ query: { Group } }: UsageCall): UsageGroup | null {
  return Group === 'isoCountry' ? 'country' : (Group ?? null);
}

/** A page behind or in front of a sum is about the span that the first page was about. */
function readPage(
  { ctx, query: asked }: UsageCall,
  { before, after, limit }: ListPage,
  group: UsageGroup | null,
) {
  const { Granularity: granularity, StartTime, EndTime } = asked;
  const place = before ?? after;
  const times = { ...(StartTime && { StartTime }), ...(EndTime && { EndTime }) };
  const { sum, ...span }: Span & Partial<ReturnType<typeof readPlace>> =
    place === undefined ? readSpan({ granularity, group, ...times }, ctx.now) : readPlace(place);
  return {
    span,
    limit,
    ...(sum && (before !== undefined ? { before: sum } : { after: sum })),
  };
}

/** By ids; undefined when the SIM, the fleet or the network is not there. */
async function findFilter({ ctx, account, query: asked }: UsageCall): Promise<UsageFilter | undefined> {
  const accountId = account.id;
  const { Sim, Fleet, Network: network, IsoCountry: country } = asked;
  const sim = Sim === undefined ? undefined : (await findSims(ctx, { accountId, keys: [Sim] })).get(Sim)?.id;
  const fleet =
    Fleet === undefined ? undefined : (await orMissing(getFleet(ctx, { accountId, key: Fleet })))?.id;
  if ((Sim !== undefined && sim === undefined) || (Fleet !== undefined && fleet === undefined))
    return undefined;
  if (network !== undefined && networkById(network) === undefined) return undefined;
  return {
    ...(sim !== undefined && { sim }),
    ...(fleet !== undefined && { fleet }),
    ...(network !== undefined && { network }),
    ...(country !== undefined && { country }),
  };
}
