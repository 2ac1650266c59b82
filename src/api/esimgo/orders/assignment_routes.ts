// What is needed to install the eSIMs of orders: as CSV, JSON, or a ZIP of QR codes.
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Order } from '../../../modules/orders/index.ts';
import { qrCodesZip } from '../../http/qr_codes_zip.ts';
import { writeInstallation, writeInstallUrls } from '../esims/esim_translate.ts';
import { loadSimCodes } from '../esims/sim_codes.ts';
import { type Call, type Route, route } from '../route.ts';
import { EsimGoRefusal } from '../wire/errors.ts';
import { texts } from '../wire/fields.ts';
import { writeTime } from '../wire/time.ts';
import { type AssignmentOfOrder, assignmentsOf, completedOrders } from './assignments.ts';

const fields = texts(10, 200)
  .default([])
  .transform((all) => all.flatMap((each) => each.split(',')));
const query = z.object({ reference: texts(20, 100).default([]), additionalFields: fields });
const accept = ['text/csv', 'application/json', 'application/zip'] as const;

type AssignmentCall = Call<z.output<typeof query>, unknown>;

export const assignmentRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/esims/assignments', scope: 'read', query, accept, handler: answer }),
  route({
    method: 'GET',
    path: '/esims/assignments/{reference}',
    scope: 'read',
    query: query.omit({ reference: true }),
    accept,
    handler: (call) =>
      answer({ ...call, query: { ...call.query, reference: [call.params['reference'] ?? ''] } }),
  }),
  // Of the first versions: the ZIP whatever is accepted.
  route({
    method: 'GET',
    path: '/esims/qr/{reference}',
    scope: 'read',
    accept: ['application/zip'],
    handler: async (call) => sendZip(call, await completedOrders(call, [call.params['reference'] ?? ''])),
  }),
];

async function answer(call: AssignmentCall) {
  const { reference: references } = call.query;
  if (references.length === 0)
    throw new EsimGoRefusal(400, 'reference: give an order reference or an apply reference.');
  const orders = await completedOrders(call, references);
  if (call.accepted === 'application/zip') return sendZip(call, orders);
  return call.accepted === 'application/json' ? await sendJson(call, orders) : sendCsv(call, orders);
}

/** No value is quoted: clients split at commas, and none of ours has one. */
const csv = {
  name: 'assignments.csv',
  head: 'ICCID,Matching ID,RSP URL,Bundle,Reference\n',
  line: ({ esim, bundle, reference }: AssignmentOfOrder) =>
    `${[esim.iccid, esim.matchingId ?? '', esim.smdpAddress, bundle, reference].join(',')}\n`,
};

function sendCsv({ ctx, reply }: AssignmentCall, orders: readonly Order[]) {
  return reply.header('content-type', 'text/csv; charset=utf-8').send(Readable.from(linesOf(ctx, orders)));
}

async function* linesOf(ctx: AssignmentCall['ctx'], orders: readonly Order[]): AsyncGenerator<string> {
  yield csv.head;
  for await (const page of assignmentsOf(ctx, orders)) yield page.map(csv.line).join('');
}

function sendZip({ ctx, reply }: Pick<Call, 'ctx' | 'reply'>, orders: readonly Order[]) {
  const at = orders[0]?.createdAt ?? ctx.now;
  const zip = qrCodesZip(ctx, { at, pages: () => assignmentsOf(ctx, orders), csv });
  return reply
    .header('content-type', 'application/zip')
    .header('content-disposition', 'attachment; filename="esims.zip"')
    .send(zip);
}

/** One eSIM is answered as an object, more as a list. */
async function sendJson({ ctx, query: { additionalFields } }: AssignmentCall, orders: readonly Order[]) {
  const written: object[] = [];
  for await (const page of assignmentsOf(ctx, orders)) {
    if (written.length + page.length > jsonItemsMax)
      throw new EsimGoRefusal(
        400,
        `There are more than ${jsonItemsMax} eSIMs: ask for text/csv or application/zip.`,
      );
    for (const { esim } of page)
      written.push({
        ...writeInstallation(esim, await loadSimCodes(ctx, esim)),
        ...(esim.installedAt && { firstInstalledDateTime: writeTime(esim.installedAt) }),
        ...writeInstallUrls(esim, additionalFields),
      });
  }
  return written.length === 1 ? written[0] : written;
}

const jsonItemsMax = 1_000;
