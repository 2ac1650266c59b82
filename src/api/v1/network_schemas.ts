// What a mobile core, or the simulated network, tells and asks on the wire.
import { z } from 'zod';
import { command, commandContent } from './commands_schemas.ts';
import { named, text, time } from './schemas.ts';
import { simKey } from './sims_schemas.ts';

const mcc = z
  .string()
  .regex(/^\d{3}$/, 'give 3 digits')
  .describe('Mobile country code.');
const mnc = z
  .string()
  .regex(/^\d{2,3}$/, 'give 2 or 3 digits')
  .describe('Mobile network code.');

export const networkSimBody = named('NetworkSim', z.strictObject({ sim: simKey }));

export const seenSimBody = named(
  'SeenSim',
  z
    .strictObject({
      sim: simKey,
      mcc,
      mnc,
      at: time.exactOptional().describe('When it was seen there; now if left out.'),
    })
    .meta({ examples: [{ sim: '999700000000001', mcc: '204', mnc: '08' }] }),
);

export const receivedCommandBody = named('ReceivedCommand', z.strictObject(commandContent));

export const commandReportBody = named(
  'CommandReport',
  z.strictObject({
    status: z.enum(['delivered', 'failed']),
    error: text(500).exactOptional().describe('Why it failed.'),
  }),
);

const hex = (bytes: number) => z.string().describe(`${bytes} bytes in hex.`);

export const authenticationVector = named(
  'AuthenticationVector',
  z
    .object({ rand: hex(16), autn: hex(16), xres: hex(8) })
    .describe('A challenge by Milenage (TS 33.102 §6.3).'),
);

export const attachment = named(
  'Attachment',
  z.object({
    allowed: z.boolean(),
    cause: z
      .enum(['line_not_ready', 'line_inactive', 'network_forbidden', 'unknown_network'])
      .nullable()
      .describe('Why it may not.'),
    ipV4: z.string().nullable(),
    apn: z.string(),
    dataAllowed: z.boolean().describe('False while a data limit is reached or its fleet has no data.'),
    speedKbps: z.int().nullable().describe('Slowed down to this; null for full speed.'),
    networkName: z.string().nullable(),
    country: z.string().nullable().describe('ISO 3166-1 alpha-2, of the network.'),
  }),
);

export const detachment = named('Detachment', z.object({ attached: z.literal(false) }));

export const takenCommands = named('TakenCommands', z.object({ data: z.array(command) }));
