// Stock on the wire.
import { z } from 'zod';
import { named, text } from './schemas.ts';

export const stockLevels = named(
  'StockLevels',
  z.object({
    data: z.array(
      z.object({
        profileType: z.string(),
        available: z.int(),
        atLeast: z.boolean().describe('True when there are more than were counted.'),
      }),
    ),
  }),
);

const key = z.string().regex(/^[0-9a-fA-F]{32}$/, 'give 16 bytes in hex');

export const registrationCode = z
  .string()
  .regex(/^[A-Z0-9]{8,32}$/, 'give 8 to 32 capital letters and digits');

const simProfile = named(
  'SimProfile',
  z
    .strictObject({
      iccid: text(20),
      imsi: text(15),
      ki: key,
      opc: key.describe('OPc, never OP.'),
      algorithm: z.enum(['milenage', 'test-xor']).exactOptional(),
      msisdn: text(16).exactOptional().describe('E.164 with plus sign.'),
      serviceProviderName: text(16).exactOptional(),
      pin1: text(8).exactOptional(),
      puk1: text(8).exactOptional(),
      pin2: text(8).exactOptional(),
      puk2: text(8).exactOptional(),
      adm1: text(8).exactOptional(),
      mncLength: z
        .union([z.literal(2), z.literal(3)])
        .exactOptional()
        .describe('Digits of the MNC; by the country if left out.'),
      smsc: text(16).exactOptional().describe('E.164 with plus sign.'),
      acc: z.int().min(1).max(0xffff).exactOptional().describe('Access control classes as bits.'),
      otaKeys: z.strictObject({ kic: key, kid: key, kik: key }).exactOptional(),
      registrationCode: registrationCode
        .exactOptional()
        .describe('Of a SIM card: no order gets it, who has the card registers it by this code.'),
    })
    .describe('One subscription. Its secrets are kept encrypted and never answered.'),
);

const sizeMax = 10_000;

export const newBatchBody = named(
  'NewStockBatch',
  z
    .strictObject({
      profileType: text(64),
      generate: z.int().min(1).max(sizeMax).exactOptional().describe('Sandbox accounts: make up this many.'),
      registrationCodes: z
        .literal(true)
        .exactOptional()
        .describe('With `generate`: make up SIM cards, whose registration codes are in the answer.'),
      profiles: z.array(simProfile).min(1).max(sizeMax).exactOptional(),
    })
    .refine(({ profiles, registrationCodes }) => profiles === undefined || registrationCodes === undefined, {
      path: ['registrationCodes'],
      message: 'give each of your profiles its registrationCode instead',
    })
    .refine(({ generate, profiles }) => (generate === undefined) !== (profiles === undefined), {
      path: ['profiles'],
      message: 'give either profiles or generate',
    }),
);

export const batch = named(
  'StockBatch',
  z.object({
    id: z.string(),
    profileType: z.string(),
    size: z.int(),
    registrationCodes: z
      .array(z.object({ iccid: z.string(), registrationCode: z.string() }))
      .exactOptional()
      .describe('Of SIM cards that were made up; they are not shown again.'),
  }),
);
