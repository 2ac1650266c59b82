// Fleets between the wire and the core.
import type { z } from 'zod';
import type { Fleet, NewFleet, UpdateFleet } from '../../modules/sims/index.ts';
import type { fleet, newFleetBody, updateFleetBody } from './fleets_schemas.ts';
import { writeBytes } from './sims_translate.ts';

export function readNewFleet(accountId: string, body: z.output<typeof newFleetBody>): NewFleet {
  const { dataLimitBytes, ...same } = body;
  return { ...same, ...readLimit(dataLimitBytes), accountId };
}

export function readUpdateFleet(
  accountId: string,
  key: string,
  body: z.output<typeof updateFleetBody>,
): UpdateFleet {
  const { dataLimitBytes, ...same } = body;
  return { ...same, ...readLimit(dataLimitBytes), accountId, key };
}

function readLimit(bytes: number | null | undefined): { dataLimitBytes?: bigint | null } {
  if (bytes === undefined) return {};
  return { dataLimitBytes: bytes === null ? null : BigInt(bytes) };
}

export function writeFleet(from: Fleet): z.output<typeof fleet> {
  const { accountId: _, dataLimitBytes, createdAt, updatedAt, ...same } = from;
  return {
    ...same,
    dataLimitBytes: writeBytes(dataLimitBytes),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
