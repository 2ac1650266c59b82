// SIMs: what became of them, to which device they are pushed, and what is told about them.
import { z } from 'zod';
import { type Route, route } from '../route.ts';
import { eid, iccid } from '../wire/fields.ts';
import { preferenceRoutes } from './preference_routes.ts';
import { pushToDevice } from './push_to_device.ts';
import { simOfIccid, simOfPath } from './sim_of_path.ts';
import { writeSim } from './sim_translate.ts';

export const simRoutes: readonly Route[] = [
  route({
    method: 'GET',
    paths: ['/v1/sim/{iccid}', '/v1/sims/{iccid}'],
    scope: 'read',
    handler: async (call) => writeSim(await simOfPath(call)),
  }),
  route({
    method: 'PUT',
    paths: ['/v1/sim/{iccid}', '/v1/sims/{iccid}'],
    scope: 'lines:write',
    body: z.object({ eid }),
    handler: async (call) => writeSim(await pushToDevice(call, call.body.eid)),
  }),
  route({
    method: 'GET',
    paths: ['/v1/status/sim'],
    scope: 'read',
    query: z.object({ iccid }),
    handler: async (call) => writeSim(await simOfIccid(call, call.query.iccid)),
  }),
  ...preferenceRoutes,
];
