// Usage: told by networks and files, asked for by SIM, fleet, network, country and time.
import { z } from 'zod';
import {
  getUsage,
  importUsageCsv,
  listUsageRecords,
  recordUsage,
  type UsageQuestion,
  usageLimits,
} from '../../modules/usage/index.ts';
import { type Call, type Route, route } from './route.ts';
import { paging, text } from './schemas.ts';
import { readRecordCursor, readUsageCursor, writeRecordCursor, writeUsageCursor } from './usage_cursor.ts';
import {
  importedUsage,
  importQuery,
  newUsageBody,
  recordedUsage,
  usageAnswer,
  usageFile,
  usageQuery,
  usageRecordList,
} from './usage_schemas.ts';
import { readUsageRecord, writeFreshness, writeUsageRecord, writeUsageSum } from './usage_translate.ts';

const batchBodyBytesMax = 4 * 1024 * 1024;
const defaultSpanMs = 30 * 86_400_000;
const query = usageQuery.extend({ limit: paging.limit, cursor: text(500).exactOptional() });

export const usageRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/usage',
    operationId: 'recordUsage',
    summary: 'Tell what lines used',
    description:
      'Up to 10,000 records. Each is counted once under its id, so that a batch can be sent again until it is answered.',
    scope: 'network',
    body: newUsageBody,
    bodyBytesMax: batchBodyBytesMax,
    response: { status: 200, description: 'What was counted is on disk and rated.', schema: recordedUsage },
    errors: ['not_found', 'conflict'],
    handler: async ({ ctx, account, body }) => {
      const records = body.records.map(readUsageRecord);
      const { onFault } = body;
      const done = await recordUsage(ctx, { accountId: account.id, source: 'api', records, onFault });
      return { ...done, freshness: writeFreshness(done.freshness) };
    },
  }),
  route({
    method: 'POST',
    path: '/usage/import',
    operationId: 'importUsage',
    summary: 'Tell what lines used by a file',
    description:
      'Up to 16 MiB and 100,000 rows. Good rows are counted, others are named by their line: correct them and send the whole file again.',
    scope: 'network',
    query: importQuery,
    body: usageFile,
    bodyMediaType: 'text/csv',
    bodyBytesMax: usageLimits.csvBytesMax,
    response: { status: 200, description: 'What was counted is on disk and rated.', schema: importedUsage },
    errors: [],
    handler: async ({ ctx, account, query: { unit, zone }, body }) => {
      const done = await importUsageCsv(ctx, { accountId: account.id, text: body, unit, zone });
      return { ...done, freshness: writeFreshness(done.freshness) };
    },
  }),
  route({
    method: 'GET',
    path: '/usage',
    operationId: 'getUsage',
    summary: 'Ask what was used',
    description: 'Sums in the order of time and group. A record belongs to the hour that its `at` lies in.',
    scope: 'read',
    query,
    response: { status: 200, description: 'One page.', schema: usageAnswer },
    errors: ['not_found'],
    handler: async (call) => {
      const question = readQuestion(call);
      const { from, to, sums, freshness } = await getUsage(call.ctx, question);
      const last = sums.length === question.limit ? sums.at(-1) : undefined;
      return {
        from: from.toISOString(),
        to: to.toISOString(),
        data: sums.map((sum) => writeUsageSum(sum, question.group)),
        nextCursor: last ? writeUsageCursor({ from, to, ...last }) : null,
        freshness: writeFreshness(freshness),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/sims/{sim}/usage-records',
    operationId: 'listUsageRecords',
    summary: 'List the usage records of a SIM, newest first',
    description: 'Records are kept for 90 days, their sums for 18 months.',
    scope: 'read',
    params: z.strictObject({ sim: text(64).describe('`sim_…`, ICCID or unique name.') }),
    query: z.strictObject({ limit: paging.limit, cursor: text(500).exactOptional() }),
    response: { status: 200, description: 'One page.', schema: usageRecordList },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { sim }, query: { limit, cursor } }) => {
      const before = cursor === undefined ? {} : { before: readRecordCursor(cursor) };
      const page = await listUsageRecords(ctx, { accountId: account.id, sim, limit, ...before });
      const last = page.records.length === limit ? page.records.at(-1) : undefined;
      return {
        data: page.records.map(writeUsageRecord),
        nextCursor: last ? writeRecordCursor(last) : null,
        freshness: writeFreshness(page.freshness),
      };
    },
  }),
];

type AskUsage = Call<unknown, z.output<typeof query>, unknown>;

function readQuestion({ ctx, account, query: asked }: AskUsage): UsageQuestion {
  const { from, to, group, granularity, limit, cursor, ...filter } = asked;
  const after = cursor === undefined ? undefined : readUsageCursor(cursor);
  const until = after?.to ?? (to === undefined ? ctx.now : new Date(to));
  return {
    accountId: account.id,
    from: after?.from ?? (from === undefined ? new Date(until.getTime() - defaultSpanMs) : new Date(from)),
    to: until,
    group: group ?? null,
    granularity,
    filter,
    limit,
    ...(after && { after }),
  };
}
