// Fleets on the wire.
import { z } from 'zod';
import { listOf, named, text, time } from './schemas.ts';
import { uniqueName } from './sims_schemas.ts';

const settings = {
  uniqueName: uniqueName.nullable().exactOptional(),
  apn: text(100).exactOptional().describe('Access point; `internet` if left out.'),
  dataEnabled: z.boolean().exactOptional(),
  dataLimitBytes: z
    .int()
    .min(1)
    .max(1_000_000_000_000_000)
    .nullable()
    .exactOptional()
    .describe('Of each SIM in each billing period; null for no limit.'),
  smsCommandsEnabled: z.boolean().exactOptional(),
};

const networkAccessProfile = text(64).describe(
  'Id or unique name: the networks that its SIMs may attach to.',
);

export const newFleetBody = named(
  'NewFleet',
  z.strictObject({ ...settings, networkAccessProfile }).meta({
    examples: [{ uniqueName: 'trackers', networkAccessProfile: 'europe', dataLimitBytes: 250_000_000 }],
  }),
);

export const updateFleetBody = named(
  'UpdateFleet',
  z.strictObject({ ...settings, networkAccessProfile: networkAccessProfile.exactOptional() }),
);

export const fleet = named(
  'Fleet',
  z.object({
    id: z.string(),
    uniqueName: z.string().nullable(),
    networkAccessProfileId: z.string(),
    apn: z.string(),
    dataEnabled: z.boolean(),
    dataLimitBytes: z.int().nullable(),
    smsCommandsEnabled: z.boolean(),
    createdAt: time,
    updatedAt: time,
  }),
);

export const fleetList = listOf('FleetList', fleet);
