// Usage on the wire.
import { z } from 'zod';
import { type CsvUnit, csvUnits, isZone, usageLimits } from '../../modules/usage/index.ts';
import { named, text, time } from './schemas.ts';

const { recordsPerBatchMax, recordIdCharsMax, recordBytesMax, recordUnitsMax } = usageLimits;

const bytes = z.int().min(0).max(Number(recordBytesMax));
const units = z.int().min(0).max(Number(recordUnitsMax));
const mcc = z.string().regex(/^\d{3}$/, 'give 3 digits');
const mnc = z.string().regex(/^\d{2,3}$/, 'give 2 or 3 digits');
const country = z.string().regex(/^[A-Z]{2}$/, 'give two capital letters (ISO 3166-1)');

const common = {
  id: text(recordIdCharsMax).describe('Your own: a record that comes again under it is not counted again.'),
  sim: text(64).describe('`sim_…`, ICCID or IMSI.'),
  at: z.iso.datetime({ offset: true }).describe('The end of what it tells about, at most 90 days ago.'),
  mcc: mcc.exactOptional().describe('Of the visited network, with `mnc`.'),
  mnc: mnc.exactOptional(),
  country: country.exactOptional().describe('ISO 3166-1; that of the network if left out.'),
};

const newRecord = named(
  'NewUsageRecord',
  z.discriminatedUnion('kind', [
    z.strictObject({
      ...common,
      kind: z.literal('data'),
      bytesUp: bytes.default(0).describe('From the device.'),
      bytesDown: bytes.default(0).describe('To the device.'),
    }),
    z.strictObject({ ...common, kind: z.literal('sms'), count: units.describe('Messages.') }),
    z.strictObject({ ...common, kind: z.literal('voice'), seconds: units }),
  ]),
);

export type NewUsageRecordJson = z.output<typeof newRecord>;

export const newUsageBody = named(
  'NewUsage',
  z.strictObject({
    records: z.array(newRecord).min(1).max(recordsPerBatchMax),
    onFault: z
      .enum(['refuse', 'skip'])
      .default('refuse')
      .describe('Whether a record that cannot be counted refuses all of them, or only itself.'),
  }),
);

const freshness = named(
  'Freshness',
  z
    .object({
      asOf: time.describe('The time of this answer.'),
      lastRecordAt: time.nullable().describe('The latest moment that a record told about.'),
      lastReceivedAt: time.nullable().describe('When that record came in.'),
    })
    .describe('How current this is.'),
);

const faultCode = z.enum(['invalid_request', 'not_found', 'conflict']);

export const recordedUsage = named(
  'RecordedUsage',
  z.object({
    counted: z.int(),
    repeated: z.int().describe('Known already, and not counted again.'),
    refused: z.array(
      z.object({
        index: z.int().describe('Its place in `records`, from 0.'),
        id: z.string(),
        code: faultCode,
        field: z.string(),
        detail: z.string(),
      }),
    ),
    freshness,
  }),
);

const unitNames = Object.keys(csvUnits) as [CsvUnit, ...CsvUnit[]];

export const importQuery = z.strictObject({
  unit: z.enum(unitNames).default('B').describe('Of the volumes. `KB` is 1000 bytes, `KiB` 1024.'),
  zone: z
    .string()
    .refine(isZone, 'give Z, or hours and minutes ahead of UTC like +02:00')
    .default('Z')
    .describe('Of times that do not say theirs.'),
});

export const usageFile = named(
  'UsageFile',
  z
    .string()
    .describe('Lines of values separated by comma, semicolon, tab or bar; the first names the columns.'),
);

export const importedUsage = named(
  'ImportedUsage',
  z.object({
    rows: z.int(),
    counted: z.int(),
    repeated: z.int().describe('Known already, and not counted again.'),
    refusedCount: z.int(),
    refused: z
      .array(z.object({ line: z.int(), code: faultCode, detail: z.string() }))
      .describe('The first 100, by their line in the file.'),
    freshness,
  }),
);

export const usageQuery = z.strictObject({
  from: z.iso.datetime({ offset: true }).exactOptional().describe('30 days ago if left out.'),
  to: z.iso.datetime({ offset: true }).exactOptional().describe('Now if left out.'),
  group: z.enum(['sim', 'fleet', 'network', 'country']).exactOptional().describe('One sum for each.'),
  granularity: z.enum(['hour', 'day', 'all']).default('all').describe('One sum for each; days are of UTC.'),
  sim: text(64).exactOptional().describe('Only this one: `sim_…`, ICCID or unique name.'),
  fleet: text(64).exactOptional().describe('Only this one: `flt_…` or unique name.'),
  network: text(64).exactOptional().describe('Only this one: `net_…`, or MCC and MNC as digits.'),
  country: country.exactOptional().describe('Only this one.'),
});

const amounts = {
  bytesUp: z.int(),
  bytesDown: z.int(),
  bytesTotal: z.int(),
  smsCount: z.int(),
  voiceSeconds: z.int(),
};

const usageSum = named(
  'UsageSum',
  z.object({
    startsAt: time,
    endsAt: time,
    sim: z.string().nullable().describe('When grouped by it.'),
    fleet: z.string().nullable().describe('When grouped by it; null for lines without fleet.'),
    network: z
      .string()
      .nullable()
      .describe('MCC and MNC, when grouped by it; null where records do not say.'),
    country: z.string().nullable().describe('When grouped by it; null where records do not say.'),
    ...amounts,
  }),
);

export type UsageSumJson = z.output<typeof usageSum>;

export const usageAnswer = named(
  'Usage',
  z.object({
    from: time.describe('As asked, moved back to a whole hour or day.'),
    to: time.describe('As asked, moved forward to a whole hour or day.'),
    data: z.array(usageSum),
    nextCursor: z.string().nullable().describe('Give it as `cursor` to go on; null at the end.'),
    freshness,
  }),
);

const usageRecord = named(
  'UsageRecord',
  z.object({
    id: z.string(),
    sim: z.string(),
    kind: z.enum(['data', 'sms', 'voice']),
    at: time,
    bytesUp: z.int(),
    bytesDown: z.int(),
    count: z.int().describe('Messages.'),
    seconds: z.int(),
    network: z.string().nullable().describe('MCC and MNC.'),
    country: z.string().nullable(),
    source: z.enum(['api', 'csv', 'radius']),
    receivedAt: time,
    charges: z
      .array(z.object({ bundle: z.string(), amount: z.int() }))
      .describe(
        'What each bundle paid, in bytes, messages or seconds; less than the whole when nothing was left.',
      ),
  }),
);

export type UsageRecordJson = z.output<typeof usageRecord>;

export const usageRecordList = named(
  'UsageRecordList',
  z.object({
    data: z.array(usageRecord),
    nextCursor: z.string().nullable().describe('Give it as `cursor` to go on; null at the end.'),
    freshness,
  }),
);
