// An SM-DS for tests: its own certificates, a clock that can be moved, and a root SM-DS that does as it is told.
import { silentLog } from '../../base/log.ts';
import { createVault } from '../../base/vault.ts';
import { systemCtx } from '../../pg/ctx.ts';
import type { Database } from '../../pg/database.ts';
import { query } from '../../pg/query.ts';
import { makeTestPki, type TestPkiInput } from '../../rsp/pki/make_test_pki.ts';
import type { PkiFile } from '../../rsp/pki/read_pki.ts';
import { loadSmds, type RootSmds, type SmdsCtx } from './index.ts';

export const testSmdsAddress = 'smds.example.com';
export const testNow = new Date('2026-11-21T12:00:00Z');

export type TestSmds = { files: PkiFile[]; clock: { now: Date }; ctx: () => SmdsCtx };

export function createTestSmds(
  database: Database,
  input: { pki?: Partial<TestPkiInput>; files?: PkiFile[]; root?: RootSmds; address?: string } = {},
): TestSmds {
  const address = input.address ?? testSmdsAddress;
  const files = input.files ?? smdsFiles({ smdsAddress: address, ...input.pki });
  const clock = { now: testNow };
  const vault = createVault([{ id: 1, key: Buffer.alloc(32, 7) }]);
  const smds = loadSmds({ files, address, now: testNow, database, root: input.root });
  return {
    files,
    clock,
    ctx: () => ({ ...systemCtx(database, { vault, log: silentLog, now: clock.now }), smds }),
  };
}

export function smdsFiles(input: Partial<TestPkiInput> = {}): PkiFile[] {
  const pki = { smdpAddress: 'smdp.example.com', smdsAddress: testSmdsAddress, now: testNow, ...input };
  return [...makeTestPki(pki)].map(([path, bytes]) => ({ path, bytes }));
}

/** What an SM-DS keeps, in the order of arrival. */
export function storedEvents({ ctx }: TestSmds): Promise<Record<string, unknown>[]> {
  return query(
    ctx().db,
    `select eid, event_id, rsp_server_address, owner_oid, forwarded_event_id, forwarded_at is not null as forwarded
     from smds.events order by position`,
  );
}
