// eSIMs by page, with what was done to each of them last.
import { z } from 'zod';
import { limits } from '../../../base/limits.ts';
import { type Esim, type EsimCondition, listEsims, listEsimsPage } from '../../../modules/esims/index.ts';
import { type Event, findLastEvents } from '../../../modules/events/index.ts';
import { writePaging } from '../catalogue/catalogue_query.ts';
import type { Call } from '../route.ts';
import { EsimGoRefusal } from '../wire/errors.ts';
import { choice, text, whole } from '../wire/fields.ts';
import { type ActionCondition, filterNames, readEsimFilter } from './esim_filter.ts';
import { writeEsimItem } from './esim_translate.ts';
import { writeLastAction } from './history_translate.ts';

const pageSizes = [10, 25, 50, 100];

export const esimListQuery = z.object({
  page: whole(1, 1_000_000).default(1),
  perPage: whole(10, 100)
    .refine((size) => pageSizes.includes(size), `give ${pageSizes.join(', ')}`)
    .default(10),
  direction: choice(['asc', 'desc']).exactOptional(),
  orderBy: choice(['iccid']).exactOptional(),
  filterBy: choice(filterNames).exactOptional(),
  filter: text(300).exactOptional(),
});

type ListQuery = z.output<typeof esimListQuery>;

/** Newest first, or by ICCID from the smallest, unless a direction is asked for. */
export async function listByQuery(call: Call<ListQuery, unknown>) {
  const { query } = call;
  const filter = readEsimFilter(query.filterBy, query.filter);
  const { esims, rows, lastEvents } =
    filter?.of === 'action'
      ? await listByAction(call, filter.condition)
      : await listByRow(call, filter?.condition);
  return {
    esims: esims.map((esim) => writeEsimItem(esim, lastEvents.get(esim.id))),
    ...writePaging(rows, query.perPage),
  };
}

type Listed = { esims: Esim[]; rows: number; lastEvents: Map<string, Event> };

async function listByRow(call: Call<ListQuery, unknown>, condition?: EsimCondition): Promise<Listed> {
  const { page, perPage, orderBy = 'id', direction } = call.query;
  const listed = await listEsimsPage(call.ctx, {
    accountId: call.account.id,
    page,
    perPage,
    orderBy,
    direction: direction ?? defaultDirections[orderBy],
    ...(condition && { condition }),
  });
  return { ...listed, lastEvents: await lastEventsOf(call, listed.esims) };
}

const defaultDirections = { id: 'desc', iccid: 'asc' } as const;

/** The last action is in the history and not in the row, so all eSIMs are looked at, and there must not be too many. */
async function listByAction(call: Call<ListQuery, unknown>, condition: ActionCondition): Promise<Listed> {
  const { page, perPage } = call.query;
  const all = await loadAll(call);
  const lastEvents = await lastEventsOf(call, all);
  const found = all.filter((esim) => isAction(writeLastAction(lastEvents.get(esim.id)), condition));
  const esims = sorted(found, call.query).slice((page - 1) * perPage, page * perPage);
  return { esims, rows: found.length, lastEvents };
}

export const actionsLookedAtMax = 10_000;

async function loadAll({ ctx, account }: Call<ListQuery, unknown>): Promise<Esim[]> {
  const all: Esim[] = [];
  const limit = limits.listRowsMax;
  for (let before = '~', isMore = true; isMore && all.length <= actionsLookedAtMax; ) {
    const some = await listEsims(ctx, { accountId: account.id, before, limit });
    all.push(...some);
    before = some.at(-1)?.id ?? '';
    isMore = some.length === limit;
  }
  if (all.length <= actionsLookedAtMax) return all;
  const detail = `with more than ${actionsLookedAtMax} eSIMs, filter by iccid, customerRef or assignedDate`;
  throw new EsimGoRefusal(400, `filterBy: ${detail}.`);
}

async function lastEventsOf(
  { ctx, account }: Call<ListQuery, unknown>,
  esims: readonly Esim[],
): Promise<Map<string, Event>> {
  const found = new Map<string, Event>();
  for (let at = 0; at < esims.length; at += 1_000) {
    const esimIds = esims.slice(at, at + 1_000).map(({ id }) => id);
    for (const [id, event] of await findLastEvents(ctx, { accountId: account.id, esimIds }))
      found.set(id, event);
  }
  return found;
}

function isAction(last: { lastAction: string; actionDate: string }, condition: ActionCondition): boolean {
  if (last.lastAction === '') return false;
  if ('name' in condition) {
    const [given, wanted] = [last.lastAction.toLowerCase(), condition.name.toLowerCase()];
    return condition.operator === 'eq' ? given === wanted : given.includes(wanted);
  }
  const at = new Date(last.actionDate);
  return (condition.from === null || at >= condition.from) && (condition.to === null || at < condition.to);
}

/** `esims` are newest first. */
function sorted(esims: Esim[], { orderBy, direction }: ListQuery): Esim[] {
  const ascending =
    orderBy === 'iccid' ? esims.toSorted((a, b) => (a.iccid < b.iccid ? -1 : 1)) : esims.toReversed();
  const { [orderBy ?? 'id']: usual } = defaultDirections;
  return (direction ?? usual) === 'asc' ? ascending : ascending.toReversed();
}
