// Commands, from the core to the wire.
import type { z } from 'zod';
import type { Command } from '../../modules/sims/index.ts';
import type { command } from './commands_schemas.ts';
import { writeTime } from './money_translate.ts';

export function writeCommand(from: Command): z.output<typeof command> {
  const { accountId: _, expiresAt, createdAt, updatedAt, ...same } = from;
  return {
    ...same,
    expiresAt: writeTime(expiresAt),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
