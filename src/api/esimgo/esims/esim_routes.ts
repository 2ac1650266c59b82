// eSIMs: listed, named, looked at, and what their lines can be asked for.
import { z } from 'zod';
import { checkCompatibility } from '../../../modules/bundles/index.ts';
import { setCustomerReference } from '../../../modules/esims/index.ts';
import { listEsimHistory } from '../../../modules/events/index.ts';
import { findSims } from '../../../modules/sims/index.ts';
import { write } from '../../../pg/write.ts';
import { type Call, type Route, route } from '../route.ts';
import { EsimGoRefusal } from '../wire/errors.ts';
import { text, texts } from '../wire/fields.ts';
import { esimListQuery, listByQuery } from './esim_list.ts';
import { esimOfIccid, esimOfPath } from './esim_of_path.ts';
import { writeEsim } from './esim_translate.ts';
import { writeHistory } from './history_translate.ts';
import { lineRoutes } from './line_routes.ts';
import { loadSimCodes } from './sim_codes.ts';

const naming = z.object({
  iccid: text(22).exactOptional(),
  customerRef: z.string('give text').max(255, 'give at most 255 characters').exactOptional(),
});

export const esimRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/esims', scope: 'read', query: esimListQuery, handler: listByQuery }),
  route({
    method: 'PUT',
    path: '/esims',
    scope: 'lines:write',
    query: naming,
    body: naming,
    handler: nameEsim,
  }),
  route({
    method: 'GET',
    path: '/esims/{iccid}',
    scope: 'read',
    query: z.object({ additionalFields: texts(10, 200).default([]) }),
    handler: getByPath,
  }),
  route({
    method: 'DELETE',
    path: '/esims/{iccid}',
    scope: 'lines:write',
    handler: refuseDeletion,
  }),
  route({
    method: 'GET',
    path: '/esims/{iccid}/history',
    scope: 'read',
    handler: async (call) => {
      const { id: esimId } = await esimOfPath(call);
      const of = { accountId: call.account.id, esimId, limit: entriesMax };
      return writeHistory(await listEsimHistory(call.ctx, of)).slice(0, entriesMax);
    },
  }),
  route({
    method: 'GET',
    path: '/esims/{iccid}/compatible/{bundle}',
    scope: 'read',
    handler: async (call) => {
      const { id } = await esimOfPath(call);
      const of = { accountId: call.account.id, idOrIccid: id, product: call.params['bundle'] ?? '' };
      return { compatible: (await checkCompatibility(call.ctx, of)).compatible };
    },
  }),
  ...lineRoutes,
];

const entriesMax = 200;

type Naming = z.output<typeof naming>;

/** What is in the body counts before what is in the query. An empty reference takes the name away. */
async function nameEsim(call: Call<Naming, Naming>) {
  const { iccid, customerRef } = { ...call.query, ...call.body };
  if (iccid === undefined) throw new EsimGoRefusal(400, 'iccid: give the ICCID of an eSIM.');
  if (customerRef === undefined) throw new EsimGoRefusal(400, 'customerRef: give the new reference.');
  const { id } = await esimOfIccid(call, iccid);
  const input = { accountId: call.account.id, idOrIccid: id, customerReference: customerRef || null };
  await write(call.ctx, {}, (tx) => setCustomerReference(tx, input));
  return { status: 'success' };
}

async function getByPath(call: Call<{ additionalFields: string[] }, unknown>) {
  const esim = await esimOfPath(call);
  const [sims, codes] = await Promise.all([
    findSims(call.ctx, { accountId: call.account.id, keys: [esim.id] }),
    loadSimCodes(call.ctx, esim),
  ]);
  const fields = call.query.additionalFields.flatMap((list) => list.split(',').map((name) => name.trim()));
  return writeEsim(esim, { sim: sims.get(esim.id), codes, fields });
}

/** What was bought is kept, with its bundles and its history. */
async function refuseDeletion(call: Call): Promise<never> {
  await esimOfPath(call);
  throw new EsimGoRefusal(
    400,
    'eSIMs are not deleted here. Suspend it, or revoke its bundles while they are unused.',
    'not_deletable',
  );
}
