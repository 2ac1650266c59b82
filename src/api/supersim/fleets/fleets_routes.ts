// Fleets: made, changed, listed.
import { z } from 'zod';
import { isId } from '../../../base/ids.ts';
import {
  createFleet,
  type Fleet,
  getFleet,
  getNetworkAccessProfile,
  listFleets,
  updateFleet,
} from '../../../modules/sims/index.ts';
import type { ListPage } from '../../../pg/list.ts';
import { write } from '../../../pg/write.ts';
import { findFleetCallbacks } from '../callbacks/index.ts';
import { type Call, listRoute, type Route, route } from '../route.ts';
import { createOnce } from '../wire/create_once.ts';
import { formKey, orMissing, readKey } from '../wire/resource_key.ts';
import { keepFleetCallbacks, readFleetCallbacks } from './fleets_callbacks.ts';
import { newFleetForm, readFleetChange, readNewFleet, updateFleetForm } from './fleets_form.ts';
import { writeFleet } from './fleets_translate.ts';

export const fleetRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/Fleets',
    operationId: 'CreateFleet',
    scope: 'lines:write',
    status: 201,
    form: newFleetForm,
    handler: async (call) => {
      const callbacks = await readFleetCallbacks(call, call.form);
      const fleet = await createOnce(call, 'fleet.create', async (tx) => {
        const made = await createFleet(tx, readNewFleet(call.account.id, call.form));
        await keepFleetCallbacks(tx, call, made.id, callbacks);
        return made;
      });
      return await writeOne(fleet, call);
    },
  }),
  listRoute({
    method: 'GET',
    path: '/Fleets',
    operationId: 'ListFleet',
    scope: 'read',
    query: z.object({ NetworkAccessProfile: formKey('networkAccessProfile').exactOptional() }),
    key: 'fleets',
    list: listByQuery,
    placeOf: ({ id }) => id,
    isPlace: (place) => isId('fleet', place),
    write: writeFleets,
  }),
  route({
    method: 'GET',
    path: '/Fleets/{Sid}',
    operationId: 'FetchFleet',
    scope: 'read',
    status: 200,
    handler: async (call) => {
      const { ctx, account, params } = call;
      return await writeOne(await getFleet(ctx, { accountId: account.id, key: keyOf(params) }), call);
    },
  }),
  route({
    method: 'POST',
    path: '/Fleets/{Sid}',
    operationId: 'UpdateFleet',
    scope: 'lines:write',
    status: 200,
    form: updateFleetForm,
    handler: async (call) => {
      const { ctx, account, params, form } = call;
      const of = { accountId: account.id, key: keyOf(params) };
      await getFleet(ctx, of);
      const callbacks = await readFleetCallbacks(call, form);
      const fleet = await write(ctx, {}, async (tx) => {
        const changed = await updateFleet(tx, { ...readFleetChange(form), ...of });
        await keepFleetCallbacks(tx, call, changed.id, callbacks);
        return changed;
      });
      return await writeOne(fleet, call);
    },
  }),
];

function keyOf(params: Record<string, string>): string {
  return readKey('fleet', params['Sid']);
}

type FleetQuery = { NetworkAccessProfile?: string };

/** A network access profile that is not there has no fleets. */
async function listByQuery({ ctx, account, query }: Call<FleetQuery, unknown>, page: ListPage) {
  const accountId = account.id;
  const { NetworkAccessProfile: key } = query;
  if (key === undefined) return await listFleets(ctx, { accountId, ...page });
  const profile = await orMissing(getNetworkAccessProfile(ctx, { accountId, key }));
  return profile ? await listFleets(ctx, { accountId, networkAccessProfileId: profile.id, ...page }) : [];
}

type Written = Pick<Call, 'ctx' | 'account' | 'base'>;

async function writeOne(fleet: Fleet, call: Written) {
  return (await writeFleets([fleet], call))[0];
}

/** With their callbacks, found for all at once. */
async function writeFleets(fleets: readonly Fleet[], { ctx, account, base }: Written) {
  const fleetIds = fleets.map(({ id }) => id);
  const callbacks = await findFleetCallbacks(ctx, { accountId: account.id, fleetIds });
  return fleets.map((fleet) => writeFleet(fleet, callbacks.get(fleet.id), base));
}
