// Commands on the wire.
import { z } from 'zod';
import { listOf, named, time } from './schemas.ts';
import { simKey } from './sims_schemas.ts';

export const commandKind = z.enum(['sms', 'ip']);
export const commandDirection = z.enum(['to_sim', 'from_sim']);
export const commandStatus = z
  .enum(['queued', 'sent', 'delivered', 'received', 'failed'])
  .describe(
    'To a SIM: queued, sent, then delivered or failed; an IP command ends as sent. From a SIM: received.',
  );
const payloadType = z.enum(['text', 'binary']);

/** What a command to or from a SIM is made of. */
export const commandContent = {
  sim: simKey,
  kind: commandKind,
  payload: z
    .string()
    .min(1)
    .max(2_000)
    .describe('SMS: up to 160 characters, or 140 bytes. IP: up to 1,300 bytes. Binary as base64.'),
  payloadType: payloadType.exactOptional().describe('`text` if left out.'),
  devicePort: z
    .int()
    .min(1)
    .max(65_535)
    .exactOptional()
    .describe('UDP port of the device; IP commands only.'),
};

export const sendCommandBody = named(
  'SendCommand',
  z.strictObject(commandContent).meta({ examples: [{ sim: 'tracker-17', kind: 'sms', payload: 'report' }] }),
);

export const command = named(
  'Command',
  z.object({
    id: z.string(),
    simId: z.string(),
    kind: commandKind,
    direction: commandDirection,
    status: commandStatus,
    payload: z.string(),
    payloadType,
    deviceIp: z.string().nullable().describe('Known once it is sent; IP commands only.'),
    devicePort: z.int().nullable(),
    error: z.string().nullable().describe('Why it failed.'),
    expiresAt: time.nullable().describe('It fails if it is not delivered by then.'),
    createdAt: time,
    updatedAt: time,
  }),
);

export const commandList = listOf('CommandList', command);
