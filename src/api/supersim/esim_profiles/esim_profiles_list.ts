// The eSIM profiles that a query asks for.

import { getOrderedEsim, listOrderedEsims, type OrderedEsim } from '../../../modules/orders/index.ts';
import { findSims } from '../../../modules/sims/index.ts';
import type { ListPage } from '../../../pg/list.ts';
import type { Call } from '../route.ts';
import { orMissing } from '../wire/resource_key.ts';
import { type EsimProfileStatus, statusesShownAs } from './esim_profiles_translate.ts';

export type EsimProfileQuery = { Eid?: string; SimSid?: string; Status?: EsimProfileStatus };

type ListCall = Call<EsimProfileQuery, unknown>;

/** A page, newest first; of one SIM, its profile or none. */
export async function listEsimProfiles(call: ListCall, page: ListPage): Promise<OrderedEsim[]> {
  const { ctx, account, query } = call;
  if (query.SimSid !== undefined) return (await findOfSim(call, query.SimSid)).filter(isAsked(query, page));
  return await listOrderedEsims(ctx, {
    accountId: account.id,
    ...(query.Eid !== undefined && { eid: query.Eid }),
    ...(query.Status !== undefined && { statuses: statusesShownAs[query.Status] }),
    ...page,
  });
}

async function findOfSim({ ctx, account }: ListCall, simId: string): Promise<OrderedEsim[]> {
  const accountId = account.id;
  const sim = (await findSims(ctx, { accountId, keys: [simId] })).get(simId);
  // The line of a SIM card has no eSIM profile.
  const esim = sim && (await orMissing(getOrderedEsim(ctx, { accountId, id: sim.esimId })));
  return esim ? [esim] : [];
}

function isAsked({ Eid, Status }: EsimProfileQuery, { before, after }: ListPage) {
  return ({ id, eid, status }: OrderedEsim): boolean =>
    (Eid === undefined || eid === Eid) &&
    (Status === undefined || statusesShownAs[Status].includes(status)) &&
    (before === undefined || id < before) &&
    (after === undefined || id > after);
}
