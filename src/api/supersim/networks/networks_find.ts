// Networks found by their SIDs, and the order of their lists.
import { AppError } from '../../../base/app_error.ts';
import { type Network, networkById } from '../../../modules/catalogue/index.ts';
import type { ListPage } from '../../../pg/list.ts';
import { readSid } from '../wire/sid.ts';

/** Throws `not_found` for what is no network's SID. */
export function getNetwork(sid: string | undefined = ''): Network {
  const network = networkById(readSid('network', sid) ?? '');
  if (network) return network;
  throw new AppError('not_found', 'There is no such network.');
}

/** Networks have no age: what comes later on the pages of a list is what comes later in their order. */
export function inListOrder({ before, after, limit }: ListPage): ListPage {
  return {
    ...(before !== undefined && { after: before }),
    ...(after !== undefined && { before: after }),
    ...(limit !== undefined && { limit }),
  };
}

export function isNetworkId(place: string): boolean {
  return networkById(place) !== undefined;
}
