// eSIM profiles: ordered for an eUICC or for whoever has the code, found and followed.

import { z } from 'zod';
import { isId } from '../../../base/ids.ts';
import { getOrderedEsim } from '../../../modules/orders/index.ts';
import { listRoute, type Route, route } from '../route.ts';
import { formChoice, formFlag, formMethod, formSid, formText } from '../wire/form.ts';
import { sidInPath } from '../wire/sid_in_path.ts';
import { listEsimProfiles } from './esim_profiles_list.ts';
import { orderEsimProfile } from './esim_profiles_order.ts';
import { esimProfileStatuses, writeEsimProfile, writeEsimProfiles } from './esim_profiles_translate.ts';

export const esimProfileRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/ESimProfiles',
    operationId: 'CreateEsimProfile',
    scope: 'orders:write',
    status: 201,
    form: z.object({
      CallbackUrl: formText(2_000).exactOptional(),
      CallbackMethod: formMethod.exactOptional(),
      GenerateMatchingId: formFlag.exactOptional(),
      Eid: formText(64).exactOptional(),
    }),
    handler: orderEsimProfile,
  }),
  listRoute({
    method: 'GET',
    path: '/ESimProfiles',
    operationId: 'ListEsimProfile',
    scope: 'read',
    query: z.object({
      Eid: formText(64).exactOptional(),
      SimSid: formSid('sim').exactOptional(),
      Status: formChoice(esimProfileStatuses).exactOptional(),
    }),
    key: 'esim_profiles',
    list: listEsimProfiles,
    placeOf: (esim) => esim.id,
    isPlace: (place) => isId('esim', place),
    write: writeEsimProfiles,
  }),
  route({
    method: 'GET',
    path: '/ESimProfiles/{Sid}',
    operationId: 'FetchEsimProfile',
    scope: 'read',
    status: 200,
    handler: async (call) => {
      const id = sidInPath('esimProfile', call.params['Sid']);
      const esim = await getOrderedEsim(call.ctx, { accountId: call.account.id, id });
      return await writeEsimProfile(esim, call);
    },
  }),
];
