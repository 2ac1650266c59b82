// Networks: those of the world that lines can be allowed to attach to.
import { z } from 'zod';
import { listNetworks } from '../../../modules/catalogue/index.ts';
import { listRoute, type Route, route } from '../route.ts';
import { formCode, formCountry } from '../wire/form_place.ts';
import { getNetwork, inListOrder, isNetworkId } from './networks_find.ts';
import { writeNetwork } from './networks_translate.ts';

export const networkRoutes: readonly Route[] = [
  listRoute({
    method: 'GET',
    path: '/Networks',
    operationId: 'ListNetwork',
    scope: 'read',
    query: z.object({
      IsoCountry: formCountry.exactOptional(),
      Mcc: formCode(/^\d{3}$/, 'give 3 digits').exactOptional(),
      Mnc: formCode(/^\d{2,3}$/, 'give 2 or 3 digits').exactOptional(),
    }),
    key: 'networks',
    list: ({ query: { IsoCountry: country, Mcc: mcc, Mnc: mnc } }, page) =>
      listNetworks({
        ...inListOrder(page),
        ...(country !== undefined && { country }),
        ...(mcc !== undefined && { mcc }),
        ...(mnc !== undefined && { mnc }),
      }),
    placeOf: ({ id }) => id,
    isPlace: isNetworkId,
    write: (networks, { base }) => networks.map((network) => writeNetwork(network, base)),
  }),
  route({
    method: 'GET',
    path: '/Networks/{Sid}',
    operationId: 'FetchNetwork',
    scope: 'read',
    status: 200,
    handler: ({ params, base }) => writeNetwork(getNetwork(params['Sid']), base),
  }),
];
