// SIMs: registered, found, configured and switched; with what they are billed by and the addresses they have.
import { z } from 'zod';
import { isId } from '../../../base/ids.ts';
import { getFleet, getSim, listSims, type Sim } from '../../../modules/sims/index.ts';
import type { ListPage } from '../../../pg/list.ts';
import { type Call, listRoute, type Route, route } from '../route.ts';
import { clearable, formChoice, formMethod, formSid, formText } from '../wire/form.ts';
import { formKey, formUniqueName, orMissing, readKey } from '../wire/resource_key.ts';
import { billingPeriodRoutes } from './billing_periods_routes.ts';
import { ipAddressRoutes } from './ip_addresses_routes.ts';
import { registerSim } from './sims_register.ts';
import { type SimStatusShown, simStatuses, statusesShownAs, writeSim } from './sims_translate.ts';
import { updateSimByForm } from './sims_update.ts';

export const simRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/Sims',
    operationId: 'CreateSim',
    scope: 'lines:write',
    status: 201,
    codes: { invalid_request: 83001, registration_refused: 83002, conflict: 83003 },
    form: z.object({ Iccid: formText(22), RegistrationCode: formText(64) }),
    handler: registerSim,
  }),
  listRoute({
    method: 'GET',
    path: '/Sims',
    operationId: 'ListSim',
    scope: 'read',
    query: z.object({
      Status: formChoice(simStatuses).exactOptional(),
      Fleet: formKey('fleet').exactOptional(),
      Iccid: formText(22).exactOptional(),
    }),
    key: 'sims',
    list: listByQuery,
    placeOf: (sim) => sim.id,
    isPlace: (place) => isId('sim', place),
    write: (sims, { base }) => sims.map((sim) => writeSim(sim, base)),
  }),
  route({
    method: 'GET',
    path: '/Sims/{Sid}',
    operationId: 'FetchSim',
    scope: 'read',
    status: 200,
    handler: async ({ ctx, account, params, base }) =>
      writeSim(await getSim(ctx, { accountId: account.id, key: readKey('sim', params['Sid']) }), base),
  }),
  route({
    method: 'POST',
    path: '/Sims/{Sid}',
    operationId: 'UpdateSim',
    scope: 'lines:write',
    status: 200,
    form: z.object({
      UniqueName: formUniqueName.exactOptional(),
      Status: formChoice(['ready', 'active', 'inactive']).exactOptional(),
      Fleet: clearable(formKey('fleet')).exactOptional(),
      CallbackUrl: clearable(formText(2_000)).exactOptional(),
      CallbackMethod: formMethod.exactOptional(),
      AccountSid: formSid('account').exactOptional(),
    }),
    handler: updateSimByForm,
  }),
  ...billingPeriodRoutes,
  ...ipAddressRoutes,
];

type SimQuery = { Status?: SimStatusShown; Fleet?: string; Iccid?: string };

/** A fleet that is not there has no SIMs. */
async function listByQuery({ ctx, account, query }: Call<SimQuery, unknown>, page: ListPage): Promise<Sim[]> {
  const { Status, Fleet: key, Iccid } = query;
  const accountId = account.id;
  const fleet = key === undefined ? undefined : await orMissing(getFleet(ctx, { accountId, key }));
  if (key !== undefined && !fleet) return [];
  return await listSims(ctx, {
    accountId,
    ...(Status !== undefined && { statuses: statusesShownAs[Status] }),
    ...(fleet && { fleetId: fleet.id }),
    ...(Iccid !== undefined && { iccid: Iccid }),
    ...page,
  });
}
