// Network access profiles, from the core to the wire.
import type { z } from 'zod';
import type { NetworkAccessProfile } from '../../modules/sims/index.ts';
import type { networkAccessProfile } from './network_access_profiles_schemas.ts';

export function writeNetworkAccessProfile(from: NetworkAccessProfile): z.output<typeof networkAccessProfile> {
  const { id, uniqueName, networks, createdAt, updatedAt } = from;
  return {
    id,
    uniqueName,
    networks: [...networks],
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
