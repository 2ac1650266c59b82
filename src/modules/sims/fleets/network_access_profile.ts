// A network access profile: the networks that the lines of a fleet may attach to.
import { AppError, type FieldError } from '../../../base/app_error.ts';
import type { Id } from '../../../base/ids.ts';
import { networkById } from '../../catalogue/index.ts';
import { checkUniqueName } from '../unique_name.ts';

export type NetworkAccessProfile = {
  id: Id<'networkAccessProfile'>;
  accountId: string;
  uniqueName: string | null;
  /** Ids of networks of the catalogue, in order, each once. */
  networks: readonly string[];
  createdAt: Date;
  updatedAt: Date;
};

/** More than there are in the world. */
export const networksMax = 5_000;

/** Throws `invalid_request` naming the networks that do not exist, or a name that cannot be one. */
export function checkNetworkAccessProfile({
  uniqueName,
  networks,
}: Pick<NetworkAccessProfile, 'uniqueName' | 'networks'>): void {
  if (uniqueName !== null) checkUniqueName(uniqueName);
  const fields: FieldError[] = networks
    .map((id, index) => ({ id, field: `networks[${index}]` }))
    .filter(({ id }) => networkById(id) === undefined)
    .map(({ field }) => ({ field, detail: 'there is no such network' }));
  if (networks.length > networksMax)
    fields.push({ field: 'networks', detail: `give at most ${networksMax} networks` });
  if (fields.length > 0)
    throw new AppError('invalid_request', 'The network access profile is not valid.', {
      fields: fields.slice(0, 100),
    });
}

/** Throws `invalid_request` unless there is this network. */
export function checkNetwork(id: string): void {
  if (networkById(id) !== undefined) return;
  throw new AppError('invalid_request', 'There is no such network.', {
    fields: [{ field: 'network', detail: 'there is no such network' }],
  });
}
