// Network access profiles on the wire.
import { z } from 'zod';
import { listOf, named, text, time } from './schemas.ts';
import { uniqueName } from './sims_schemas.ts';

const networks = z.array(text(40)).max(5_000).describe('Ids of networks; none allows no network.');

export const newNetworkAccessProfileBody = named(
  'NewNetworkAccessProfile',
  z.strictObject({ uniqueName: uniqueName.nullable().exactOptional(), networks }),
);

export const updateNetworkAccessProfileBody = named(
  'UpdateNetworkAccessProfile',
  z.strictObject({
    uniqueName: uniqueName.nullable().exactOptional(),
    networks: networks.exactOptional().describe('Replaces those that it had.'),
  }),
);

export const networkAccessProfile = named(
  'NetworkAccessProfile',
  z.object({
    id: z.string(),
    uniqueName: z.string().nullable(),
    networks: z.array(z.string()),
    createdAt: time,
    updatedAt: time,
  }),
);

export const networkAccessProfileList = listOf('NetworkAccessProfileList', networkAccessProfile);
