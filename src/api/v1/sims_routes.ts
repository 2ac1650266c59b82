// Lines: registered, found, named, grouped, suspended, ended, and what they are billed by.
import { z } from 'zod';
import { registerCard } from '../../modules/orders/index.ts';
import { getFleet, getSim, listBillingPeriods, listSims, updateSim } from '../../modules/sims/index.ts';
import { inputHashOf, write } from '../../pg/write.ts';
import { readIdempotencyKey } from '../http/idempotency_key.ts';
import { readIdCursor, writePage } from './page.ts';
import { type Route, route } from './route.ts';
import { paging, text } from './schemas.ts';
import {
  billingPeriodList,
  ipAddressList,
  registerSimBody,
  sim,
  simKey,
  simList,
  simStatus,
  updateSimBody,
} from './sims_schemas.ts';
import { writeBillingPeriod, writeIpAddresses, writeSim } from './sims_translate.ts';

const params = z.strictObject({ sim: simKey });

export const simRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/sims',
    operationId: 'listSims',
    summary: 'List SIMs, newest first',
    scope: 'read',
    query: z.strictObject({
      ...paging,
      status: simStatus.exactOptional(),
      fleet: text(64).exactOptional().describe('Id or unique name.'),
      iccid: text(20).exactOptional(),
    }),
    response: { status: 200, description: 'One page.', schema: simList },
    errors: ['not_found'],
    handler: async ({ ctx, account, query: { cursor, fleet, ...filter } }) => {
      const before = readIdCursor('sim', cursor);
      const accountId = account.id;
      const inFleet = fleet !== undefined && {
        fleetId: (await getFleet(ctx, { accountId, key: fleet })).id,
      };
      const sims = await listSims(ctx, { accountId, ...filter, ...inFleet, ...(before && { before }) });
      return writePage(sims, { limit: filter.limit, cursorOf: (each) => each.id, write: writeSim });
    },
  }),
  route({
    method: 'POST',
    path: '/sims',
    operationId: 'registerSim',
    summary: 'Register a SIM card by the code printed on it',
    description:
      'The card becomes a `new` SIM of this account. After 10 wrong codes it cannot be registered any more.',
    scope: 'lines:write',
    body: registerSimBody,
    idempotent: true,
    response: { status: 201, description: 'The SIM.', schema: sim },
    errors: ['conflict', 'registration_refused', 'idempotency_key_reused'],
    handler: async ({ ctx, account: { id: accountId }, body, request }) => {
      const key = readIdempotencyKey(request);
      const operation = 'sims.register';
      const once =
        key === undefined ? {} : { idempotency: { accountId, operation, key, inputHash: inputHashOf(body) } };
      return writeSim(await registerCard(ctx, { accountId, ...body, ...once }));
    },
  }),
  route({
    method: 'GET',
    path: '/sims/{sim}',
    operationId: 'getSim',
    summary: 'Get a SIM',
    scope: 'read',
    params,
    response: { status: 200, description: 'The SIM as it is now.', schema: sim },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { sim: key } }) =>
      writeSim(await getSim(ctx, { accountId: account.id, key })),
  }),
  route({
    method: 'POST',
    path: '/sims/{sim}',
    operationId: 'updateSim',
    summary: 'Change a SIM: its name, fleet or status',
    description:
      'What is left out stays. A new SIM becomes ready, active or inactive; a ready one becomes active by itself after 250,000 bytes, 5 SMS or 3 months; `inactive` and `active` suspend and resume it. Where a mobile core has to do something for it, the status is `scheduled` until that is done, and neither status nor fleet can change meanwhile.',
    scope: 'lines:write',
    params,
    body: updateSimBody,
    response: { status: 200, description: 'The SIM as it is now.', schema: sim },
    errors: ['not_found', 'conflict', 'name_taken', 'status_not_allowed', 'status_scheduled'],
    handler: async ({ ctx, account, params: { sim: key }, body }) =>
      writeSim(await write(ctx, {}, (tx) => updateSim(tx, { accountId: account.id, key, ...body }))),
  }),
  route({
    method: 'GET',
    path: '/sims/{sim}/billing-periods',
    operationId: 'listBillingPeriods',
    summary: 'List the billing periods of a SIM, newest first',
    scope: 'read',
    params,
    query: z.strictObject(paging),
    response: { status: 200, description: 'One page.', schema: billingPeriodList },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { sim: key }, query: { cursor, limit } }) => {
      const before = readIdCursor('billingPeriod', cursor);
      const { id: simId, accountId } = await getSim(ctx, { accountId: account.id, key });
      const periods = await listBillingPeriods(ctx, { accountId, simId, limit, ...(before && { before }) });
      return writePage(periods, { limit, cursorOf: (each) => each.id, write: writeBillingPeriod });
    },
  }),
  route({
    method: 'GET',
    path: '/sims/{sim}/ip-addresses',
    operationId: 'listIpAddresses',
    summary: 'List the IP addresses that a SIM has now',
    scope: 'read',
    params,
    response: { status: 200, description: 'None while it is not attached.', schema: ipAddressList },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { sim: key } }) =>
      writeIpAddresses(await getSim(ctx, { accountId: account.id, key })),
  }),
];
