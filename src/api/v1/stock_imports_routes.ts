// Stock from files, for operators: sent as a stream, worked on behind the answer, watched, and what was wrong with it.
import { z } from 'zod';
import {
  cancelImport,
  getImport,
  importLimits,
  listImportFaults,
  listImports,
} from '../../modules/inventory/index.ts';
import { write } from '../../pg/write.ts';
import { readIdCursor, writePage } from './page.ts';
import { type Route, route } from './route.ts';
import { paging, text } from './schemas.ts';
import { receiveStockFile } from './stock_import_upload.ts';
import { importQuery, stockFile, stockImport, stockImportList } from './stock_imports_schemas.ts';
import { writeFaultsCsv, writeImport } from './stock_imports_translate.ts';

const byId = z.strictObject({ id: text(64) });

export const stockImportRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/stock/imports',
    operationId: 'importStock',
    summary: 'Add SIM profiles from a file',
    description: `A CSV whose first line names the columns, or the output file of a card maker. It is answered when the whole file is kept, encrypted; then its lines are added one by one: bad ones are rejected and reported, unless the whole file shall be added or nothing. See \`GET /stock/imports/{id}\`.

Columns: \`iccid\`, \`imsi\`, \`ki\`, and \`opc\` or \`op\`; also \`msisdn\`, \`pin1\`, \`puk1\`, \`pin2\`, \`puk2\`, \`adm1\`, \`kic\`, \`kid\`, \`kik\`, \`kcv\` (check value of Ki), \`acc\`, \`smsc\`, \`spn\`, \`algorithm\`, \`mnclength\`, \`registrationcode\`; others are passed over.`,
    scope: 'operator',
    query: importQuery,
    body: stockFile,
    bodyMediaType: ['text/csv', 'text/plain'],
    bodyBytesMax: importLimits.fileBytesMax,
    isStreamed: true,
    idempotent: true,
    response: { status: 201, description: 'The import, which waits or runs.', schema: stockImport },
    errors: ['unknown_profile_type', 'not_found', 'conflict', 'idempotency_key_reused'],
    handler: async (call) => writeImport(await receiveStockFile(call), call.ctx.now),
  }),
  route({
    method: 'GET',
    path: '/stock/imports',
    operationId: 'listStockImports',
    summary: 'List imports, newest first',
    scope: 'operator',
    query: z.strictObject(paging),
    response: { status: 200, description: 'One page.', schema: stockImportList },
    errors: [],
    handler: async ({ ctx, account, query: { cursor, limit } }) => {
      const before = readIdCursor('import', cursor);
      const imports = await listImports(ctx, { accountId: account.id, limit, ...(before && { before }) });
      return writePage(imports, {
        limit,
        cursorOf: (each) => each.id,
        write: (each) => writeImport(each, ctx.now),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/stock/imports/{id}',
    operationId: 'getStockImport',
    summary: 'Get an import and how far it is',
    scope: 'operator',
    params: byId,
    response: { status: 200, description: 'The import.', schema: stockImport },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { id } }) =>
      writeImport(await getImport(ctx, { accountId: account.id, id }), ctx.now),
  }),
  route({
    method: 'GET',
    path: '/stock/imports/{id}/errors',
    operationId: 'listStockImportErrors',
    summary: 'Get what is wrong with the lines of an import',
    description: `CSV with the columns line, field and detail, by line; the first ${importLimits.faultsMax} faults, and a last line that says so when there are more.`,
    scope: 'operator',
    params: byId,
    response: { status: 200, description: 'The faults so far.', mediaType: 'text/csv' },
    errors: ['not_found'],
    handler: async ({ ctx, account, params: { id } }) => {
      const { faults, isAll, of } = await listImportFaults(ctx, { accountId: account.id, id });
      return writeFaultsCsv(faults, isAll, of);
    },
  }),
  route({
    method: 'POST',
    path: '/stock/imports/{id}/cancel',
    operationId: 'cancelStockImport',
    summary: 'Stop an import',
    description:
      'What it has added by then stays in stock, unless the whole file was to be added or nothing.',
    scope: 'operator',
    params: byId,
    response: { status: 200, description: 'The import as it ended.', schema: stockImport },
    errors: ['not_found', 'conflict'],
    handler: async ({ ctx, account, params: { id } }) => {
      const key = { accountId: account.id, id };
      return writeImport(await write(ctx, {}, (tx) => cancelImport(tx, key)), ctx.now);
    },
  }),
];
