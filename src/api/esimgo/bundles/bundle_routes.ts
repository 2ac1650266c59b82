// Bundles on an eSIM: listed, followed, put there from the inventory, and revoked.
import { z } from 'zod';
import { currentCatalogue } from '../../../modules/catalogue/index.ts';
import { applyBundles } from '../../../modules/orders/index.ts';
import { writeOnce } from '../../http/write_once.ts';
import { esimOfPath } from '../esims/esim_of_path.ts';
import { readMoment } from '../esims/read_moment.ts';
import { type Call, type Route, route } from '../route.ts';
import { blank, flag, text, whole } from '../wire/fields.ts';
import { writeAssignment } from './assignment_translate.ts';
import { latestAssignment, listAssignments, unfinishedOrders } from './find_assignments.ts';
import { revokeByPath, revokeQuery } from './revoke_assignment.ts';

const listQuery = z.object({ includeUsed: flag.default(false), limit: whole(1, 200).default(15) });

/** A text that says when, as its first moment. */
const moment = z.string('give a time').transform((given, context) => {
  const read = readMoment(given);
  if (read) return read.from;
  context.addIssue({ code: 'custom', message: 'give a time of RFC 3339, or a day as 2024-01-31' });
  return z.NEVER;
});

const applyBody = z.object({ name: text(200), startTime: blank(moment), repeat: blank(whole(1, 100)) });

const revocation = { query: revokeQuery, fieldNames: { refundTo: 'refundToBalance' }, handler: revokeByPath };

export const bundleRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/esims/{iccid}/bundles',
    scope: 'read',
    query: listQuery,
    handler: listByName,
  }),
  route({
    method: 'POST',
    path: '/esims/{iccid}/bundles',
    scope: 'orders:write',
    body: applyBody,
    fieldNames: { product: 'name', activatesAt: 'startTime', esims: 'iccid' },
    handler: applyByPath,
  }),
  route({
    method: 'GET',
    path: '/esims/{iccid}/bundles/{name}',
    scope: 'read',
    handler: async (call) => {
      const { id: accountId } = call.account;
      const esim = await esimOfPath(call);
      const of = { accountId, esim, name: call.params['name'] ?? '' };
      const bundle = await latestAssignment(call.ctx, of);
      const unfinished = await unfinishedOrders(call.ctx, accountId, [bundle]);
      return { assignments: [writeAssignment(bundle, unfinished)] };
    },
  }),
  route({ method: 'DELETE', path: '/esims/{iccid}/bundles/{name}', scope: 'orders:write', ...revocation }),
  route({
    method: 'DELETE',
    path: '/esims/{iccid}/bundles/{name}/assignments/{assignmentId}',
    scope: 'orders:write',
    ...revocation,
  }),
];

/** Grouped by name: the name whose assignment is the latest comes first. */
async function listByName({ ctx, account, params, query }: Call<z.output<typeof listQuery>, unknown>) {
  const esim = await esimOfPath({ ctx, account, params });
  const { includeUsed: used, limit } = query;
  const bundles = await listAssignments(ctx, { accountId: account.id, esim, used, limit });
  const [unfinished, { byName }] = await Promise.all([
    unfinishedOrders(ctx, account.id, bundles),
    currentCatalogue(ctx),
  ]);
  const groups = Map.groupBy(bundles, ({ productName }) => productName);
  return {
    bundles: [...groups].map(([name, assignments]) => ({
      name,
      description: byName.get(name)?.description ?? name,
      assignments: assignments.map((bundle) => writeAssignment(bundle, unfinished)),
    })),
  };
}

/** From the inventory, as often as `repeat` says, all or none. */
async function applyByPath(call: Call<unknown, z.output<typeof applyBody>>) {
  const { ctx, account, body, idempotencyKey: key } = call;
  const { id } = await esimOfPath(call);
  const { name: product, startTime: activatesAt, repeat = 1 } = body;
  const esims = Array.from({ length: repeat }, () => id);
  const input = { accountId: account.id, product, esims, ...(activatesAt && { activatesAt }) };
  const once = { accountId: account.id, operation: 'esim_go.apply_to_esim', key, input };
  return await writeOnce(ctx, once, async (tx) => {
    await applyBundles(tx, input);
    return { status: 'Bundle applied successfully' };
  });
}
