// Settings updates: what the mobile core of each SIM was told last, for SIMs that another system serves.
import { z } from 'zod';
import { isId } from '../../../base/ids.ts';
import {
  type CoreUpdate,
  type CoreUpdateStatus,
  findSims,
  listCoreUpdates,
} from '../../../modules/sims/index.ts';
import type { ListPage } from '../../../pg/list.ts';
import { type Call, listRoute, type Route } from '../route.ts';
import { formChoice } from '../wire/form.ts';
import { formKey } from '../wire/resource_key.ts';
import { writeSid } from '../wire/sid.ts';
import { writeTime } from '../wire/time.ts';

const statuses = {
  waiting: 'scheduled',
  telling: 'in-progress',
  told: 'successful',
  failed: 'failed',
} as const;

const statusByName = {
  scheduled: 'waiting',
  'in-progress': 'telling',
  successful: 'told',
  failed: 'failed',
} as const satisfies Record<(typeof statuses)[CoreUpdateStatus], CoreUpdateStatus>;

export const settingsUpdateRoutes: readonly Route[] = [
  listRoute({
    method: 'GET',
    path: '/SettingsUpdates',
    operationId: 'ListSettingsUpdate',
    scope: 'read',
    query: z.object({
      Sim: formKey('sim').exactOptional(),
      Status: formChoice(['scheduled', 'in-progress', 'successful', 'failed']).exactOptional(),
    }),
    key: 'settings_updates',
    list: listByQuery,
    placeOf: (update) => update.simId,
    isPlace: (place) => isId('sim', place),
    write: (updates) => updates.map(writeSettingsUpdate),
  }),
];

type UpdateQuery = { Sim?: string; Status?: keyof typeof statusByName };

/** A SIM that is not there has no updates. */
async function listByQuery({ ctx, account, query }: Call<UpdateQuery, unknown>, page: ListPage) {
  const { Sim: key, Status } = query;
  const accountId = account.id;
  const sim = key === undefined ? undefined : (await findSims(ctx, { accountId, keys: [key] })).get(key);
  if (key !== undefined && !sim) return [];
  return await listCoreUpdates(ctx, {
    accountId,
    ...(sim && { simId: sim.id }),
    ...(Status !== undefined && { status: statusByName[Status] }),
    ...page,
  });
}

/** One for each SIM, with its number: the settings are those of its line, not packages on the card. */
function writeSettingsUpdate({ simId, iccid, status, createdAt, updatedAt, toldAt }: CoreUpdate) {
  return {
    sid: writeSid('settingsUpdate', simId),
    iccid,
    sim_sid: writeSid('sim', simId),
    status: statuses[status],
    packages: [],
    date_completed: toldAt === null ? null : writeTime(toldAt),
    date_created: writeTime(createdAt),
    date_updated: writeTime(updatedAt),
  };
}
