// Network access profiles and their networks between the wire and the core.
import { z } from 'zod';
import type { Network } from '../../../modules/catalogue/index.ts';
import type { NetworkAccessProfile } from '../../../modules/sims/index.ts';
import { formTexts } from '../wire/form.ts';
import { readSid, writeSid } from '../wire/sid.ts';
import { writeTime } from '../wire/time.ts';
import { describeNetwork } from './networks_translate.ts';

export function writeNetworkAccessProfile(profile: NetworkAccessProfile, base: string) {
  const url = profileUrl(profile.id, base);
  return {
    sid: writeSid('networkAccessProfile', profile.id),
    unique_name: profile.uniqueName,
    account_sid: writeSid('account', profile.accountId),
    date_created: writeTime(profile.createdAt),
    date_updated: writeTime(profile.updatedAt),
    url,
    links: { networks: `${url}/Networks` },
  };
}

/** A network as one that the profile with this id allows. */
export function writeNetworkOfProfile(network: Network, profileId: string, base: string) {
  const sid = writeSid('network', network.id);
  return {
    sid,
    network_access_profile_sid: writeSid('networkAccessProfile', profileId),
    ...describeNetwork(network),
    url: `${profileUrl(profileId, base)}/Networks/${sid}`,
  };
}

function profileUrl(id: string, base: string): string {
  return `${base}/NetworkAccessProfiles/${writeSid('networkAccessProfile', id)}`;
}

/** SIDs of networks, one or many, as ids. */
export const formNetworks = formTexts(200, 34).transform((sids, checked) =>
  sids.map((sid, index) => {
    const id = readSid('network', sid);
    if (id !== undefined) return id;
    checked.addIssue({ code: 'custom', message: 'not a SID of a network', path: [index] });
    return z.NEVER;
  }),
);
