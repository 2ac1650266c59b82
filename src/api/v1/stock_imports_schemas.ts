// Imports of stock and transport keys on the wire.
import { z } from 'zod';
import { importLayouts, keyColumns, transportAlgorithms } from '../../modules/inventory/index.ts';
import { listOf, named, text, time } from './schemas.ts';

const flag = z.enum(['true', 'false']).default('false');
const anyKeyColumn = keyColumns.join('|');

export const importQuery = z.strictObject({
  profileType: text(64),
  layout: z
    .enum(importLayouts)
    .default('csv')
    .describe('`output_file`: the text file of a card maker, with `var_out`.'),
  transportKey: text(64).exactOptional().describe('Name of the transport key that keys are enciphered with.'),
  encrypted: z
    .string()
    .regex(
      new RegExp(`^(${anyKeyColumn})(,(${anyKeyColumn}))*$`),
      `give some of ${keyColumns.join(', ')}, separated by commas`,
    )
    .exactOptional()
    .describe(
      'Columns that are enciphered, separated by commas. If left out: those whose names say so (`eki`), else `ki` and `opc`.',
    ),
  dryRun: flag.describe('`true`: finds every fault and adds nothing.'),
  allOrNothing: flag.describe('`true`: adds the whole file, or nothing when a line has a fault.'),
});

export const stockFile = named('StockFile', z.string().describe('UTF-8, up to 256 MiB and 2,000,000 lines.'));

export const stockImport = named(
  'StockImport',
  z.object({
    id: z.string(),
    status: z
      .enum(['waiting', 'running', 'completed', 'failed', 'cancelled'])
      .describe('`completed`: every line was added or rejected.'),
    profileType: z.string(),
    layout: z.enum(importLayouts),
    transportKey: z.string().nullable(),
    dryRun: z.boolean(),
    allOrNothing: z.boolean(),
    bytes: z.int(),
    lines: z.int().describe('Lines of SIM profiles in the file.'),
    linesDone: z.int().describe('How many of them have been read.'),
    valid: z.int().describe('Lines without a fault.'),
    added: z.int().describe('SIM profiles that are in stock; 0 for a dry run.'),
    rejected: z.int().describe('Lines with a fault.'),
    faults: z.int().describe('Faults in all lines together; see its errors.'),
    seconds: z.number().nullable().describe('From its beginning to its end, or until now.'),
    batchId: z.string().nullable(),
    failure: z.object({ code: z.string(), detail: z.string() }).nullable(),
    createdAt: time,
    startedAt: time.nullable(),
    endedAt: time.nullable(),
  }),
);

export const stockImportList = listOf('StockImportList', stockImport);

const hexKey = z
  .string()
  .regex(/^([0-9a-fA-F]{2}){16,32}$/, 'give 16, 24 or 32 bytes in hex')
  .describe('Hex; it is kept encrypted and never answered.');

const kcv = z.string().regex(/^[0-9a-fA-F]{6}$/, 'give 3 bytes in hex');

export const putTransportKeyBody = named(
  'PutTransportKey',
  z.strictObject({
    algorithm: z.enum(transportAlgorithms).describe('CBC begins with a vector of zeros.'),
    key: hexKey,
    kcv: kcv.exactOptional().describe('Refused when it is not the check value of the key.'),
  }),
);

export const transportKey = named(
  'TransportKey',
  z.object({
    name: z.string(),
    algorithm: z.enum(transportAlgorithms),
    kcv: z.string().describe('The first 3 bytes of a block of zeros enciphered under the key, in hex.'),
    createdAt: time,
    updatedAt: time,
  }),
);

export const transportKeyList = named('TransportKeyList', z.object({ data: z.array(transportKey) }));
