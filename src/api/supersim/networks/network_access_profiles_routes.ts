// Network access profiles and the networks in them: made, changed, listed.
import { z } from 'zod';
import { AppError } from '../../../base/app_error.ts';
import { present } from '../../../base/assert.ts';
import { isId } from '../../../base/ids.ts';
import { listNetworks, type Network, networkById } from '../../../modules/catalogue/index.ts';
import {
  addNetwork,
  createNetworkAccessProfile,
  getNetworkAccessProfile,
  listNetworkAccessProfiles,
  type NetworkAccessProfile,
  removeNetwork,
  updateNetworkAccessProfile,
} from '../../../modules/sims/index.ts';
import { write } from '../../../pg/write.ts';
import { type Call, listRoute, type Route, route } from '../route.ts';
import { createOnce } from '../wire/create_once.ts';
import { formSid } from '../wire/form.ts';
import { formUniqueName, readKey } from '../wire/resource_key.ts';
import {
  formNetworks,
  writeNetworkAccessProfile,
  writeNetworkOfProfile,
} from './network_access_profiles_translate.ts';
import { getNetwork, inListOrder, isNetworkId } from './networks_find.ts';

const path = '/NetworkAccessProfiles';
const networksPath = `${path}/{NetworkAccessProfileSid}/Networks`;

export const networkAccessProfileRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path,
    operationId: 'CreateNetworkAccessProfile',
    scope: 'lines:write',
    status: 201,
    form: z.object({ UniqueName: formUniqueName.exactOptional(), Networks: formNetworks.exactOptional() }),
    handler: async (call) => {
      const { UniqueName: uniqueName = null, Networks: networks = [] } = call.form;
      const profile = await createOnce(call, 'network_access_profile.create', (tx) =>
        createNetworkAccessProfile(tx, { accountId: call.account.id, uniqueName, networks }),
      );
      return writeNetworkAccessProfile(profile, call.base);
    },
  }),
  listRoute({
    method: 'GET',
    path,
    operationId: 'ListNetworkAccessProfile',
    scope: 'read',
    key: 'network_access_profiles',
    list: ({ ctx, account }, page) => listNetworkAccessProfiles(ctx, { accountId: account.id, ...page }),
    placeOf: ({ id }) => id,
    isPlace: (place) => isId('networkAccessProfile', place),
    write: (profiles, { base }) => profiles.map((profile) => writeNetworkAccessProfile(profile, base)),
  }),
  route({
    method: 'GET',
    path: `${path}/{Sid}`,
    operationId: 'FetchNetworkAccessProfile',
    scope: 'read',
    status: 200,
    handler: async (call) => writeNetworkAccessProfile(await getProfile(call, 'Sid'), call.base),
  }),
  route({
    method: 'POST',
    path: `${path}/{Sid}`,
    operationId: 'UpdateNetworkAccessProfile',
    scope: 'lines:write',
    status: 200,
    form: z.object({ UniqueName: formUniqueName.exactOptional() }),
    handler: async (call) => {
      const { UniqueName: uniqueName } = call.form;
      const change = { ...profileOf(call, 'Sid'), ...(uniqueName !== undefined && { uniqueName }) };
      const profile = await write(call.ctx, {}, (tx) => updateNetworkAccessProfile(tx, change));
      return writeNetworkAccessProfile(profile, call.base);
    },
  }),
  route({
    method: 'POST',
    path: networksPath,
    operationId: 'CreateNetworkAccessProfileNetwork',
    scope: 'lines:write',
    status: 201,
    form: z.object({ Network: formSid('network') }),
    handler: async (call) => {
      const of = { ...profileOf(call), networkId: call.form.Network };
      const { id } = await write(call.ctx, {}, (tx) => addNetwork(tx, of));
      return writeNetworkOfProfile(present(networkById(of.networkId), 'the network added'), id, call.base);
    },
  }),
  listRoute<z.ZodObject, NetworkOfProfile>({
    method: 'GET',
    path: networksPath,
    operationId: 'ListNetworkAccessProfileNetwork',
    scope: 'read',
    key: 'networks',
    list: async (call, page) => {
      const { id, networks } = await getProfile(call);
      const ids = new Set(networks);
      return listNetworks({ ids, ...inListOrder(page) }).map((network) => ({ network, profileId: id }));
    },
    placeOf: ({ network }) => network.id,
    isPlace: isNetworkId,
    write: (items, { base }) =>
      items.map(({ network, profileId }) => writeNetworkOfProfile(network, profileId, base)),
  }),
  route({
    method: 'GET',
    path: `${networksPath}/{Sid}`,
    operationId: 'FetchNetworkAccessProfileNetwork',
    scope: 'read',
    status: 200,
    handler: async (call) => {
      const { id, networks } = await getProfile(call);
      const network = getNetwork(call.params['Sid']);
      if (!networks.includes(network.id)) throw new AppError('not_found');
      return writeNetworkOfProfile(network, id, call.base);
    },
  }),
  route({
    method: 'DELETE',
    path: `${networksPath}/{Sid}`,
    operationId: 'DeleteNetworkAccessProfileNetwork',
    scope: 'lines:write',
    status: 204,
    handler: async (call) => {
      const of = { ...profileOf(call), networkId: getNetwork(call.params['Sid']).id };
      await write(call.ctx, {}, (tx) => removeNetwork(tx, of));
    },
  }),
];

type NetworkOfProfile = { network: Network; profileId: string };
type Called = Pick<Call, 'ctx' | 'account' | 'params'>;

function getProfile(call: Called, name?: string): Promise<NetworkAccessProfile> {
  return getNetworkAccessProfile(call.ctx, profileOf(call, name));
}

/** The profile that the path names. */
function profileOf({ account, params }: Called, name = 'NetworkAccessProfileSid') {
  return { accountId: account.id, key: readKey('networkAccessProfile', params[name]) };
}
