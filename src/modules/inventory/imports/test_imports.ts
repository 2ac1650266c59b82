// For tests: files sent in, worked on to their end, and what became of them.
import { newId } from '../../../base/ids.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import type { Database } from '../../../pg/database.ts';
import { query } from '../../../pg/query.ts';
import { testCtx } from '../../../pg/test_ctx.ts';
import { write } from '../../../pg/write.ts';
import { createProfileType } from '../profile_types.ts';
import { getImport, listImportFaults } from './find_imports.ts';
import type { StockImport } from './import.ts';
import { type NewImport, receiveImport, startImport } from './receive_import.ts';
import { workOnImports } from './work_on_imports.ts';

export type ImportDesk = {
  ctx: Ctx;
  accountId: string;
  /** Takes a file, so that it waits. */
  send(body: FileBody, options?: Partial<NewImport>): Promise<StockImport>;
  /** Works until nothing is left to do. */
  workAll(): Promise<void>;
  /** Takes a file and works on it to its end. */
  run(body: FileBody, options?: Partial<NewImport>): Promise<StockImport>;
  get(id: string): Promise<StockImport>;
  /** `line field: detail` of every fault. */
  faults(id: string): Promise<string[]>;
  /** The ICCIDs in stock of this profile type, in order; with `state` in front when it is not `available`. */
  stock(profileType?: string): Promise<string[]>;
};

export type FileBody = string | Iterable<Buffer>;

/** A desk of an account of its own with the profile type `files`. */
export async function openImportDesk(database: Database, profileType = 'files'): Promise<ImportDesk> {
  const ctx = testCtx(database);
  const accountId = newId('account');
  await createProfileType(ctx, accountId, {
    name: profileType,
    personalisation: 'full',
    metadata: { serviceProviderName: 'Test', profileName: 'Test', profileClass: 'operational' },
  });
  const defaults = { accountId, profileType, layout: 'csv', dryRun: false, allOrNothing: false } as const;
  const get = (id: string) => getImport(ctx, { accountId, id });
  const desk: ImportDesk = {
    ctx,
    accountId,
    get,
    async send(body, options = {}) {
      const received = await receiveImport(ctx, { ...defaults, body: streamOf(body), ...options });
      await write(ctx, {}, (tx) => startImport(tx, received));
      return await get(received.id);
    },
    async workAll() {
      while ((await workOnImports(ctx)) > 0);
    },
    async run(body, options) {
      const { id } = await desk.send(body, options);
      await desk.workAll();
      return await get(id);
    },
    async faults(id) {
      const { faults } = await listImportFaults(ctx, { accountId, id });
      return faults.map(({ line, field, detail }) => `${line} ${field}: ${detail}`);
    },
    async stock(name = profileType) {
      const rows = await query<{ iccid: string; state: string }>(ctx.db, selectStock, [name]);
      return rows.map(({ iccid, state }) => (state === 'available' ? iccid : `${state} ${iccid}`));
    },
  };
  return desk;
}

async function* streamOf(body: FileBody): AsyncGenerator<Buffer> {
  yield* typeof body === 'string' ? [Buffer.from(body)] : body;
}

const selectStock = `
  select s.iccid, s.state from inventory.sim_profiles s join inventory.profile_types t on t.id = s.profile_type_id
  where t.name = $1 order by s.iccid`;
