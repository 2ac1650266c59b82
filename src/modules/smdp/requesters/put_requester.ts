// A function requester is put whole, by its identifier, which is known once in the whole installation.
import { AppError } from '../../../base/app_error.ts';
import { present } from '../../../base/assert.ts';
import { newId } from '../../../base/ids.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { emit } from '../../events/index.ts';
import { type CheckedRequester, checkRequester } from './check_requester.ts';
import { type FunctionRequester, type PutRequester, requestersMax } from './function_requester.ts';
import { type RequesterRow, readRequester, requesterColumns } from './requester_row.ts';

/**
 * Adds or replaces the account's requester of this identifier; one that was removed is there again, with the profiles
 * it ordered. Throws `invalid_request` naming the fields at fault, `conflict` when another account has the identifier
 * or this one has 100 requesters. Call it in a `write`.
 */
export async function putRequester(tx: Ctx, put: PutRequester): Promise<FunctionRequester> {
  const checked = checkRequester(put);
  // One put of an identifier after the other.
  await query(tx.db, "select pg_advisory_xact_lock(hashtextextended('function_requester ' || $1, 0))", [
    put.identifier,
  ]);
  const known = await checkIdentifierFree(tx, put);
  const id = known?.id ?? newId('functionRequester', tx.now.getTime());
  const [row] = await query<RequesterRow>(tx.db, upsert, valuesOf(tx, id, put, checked));
  const isNew = known === undefined || known.removed_at !== null;
  if (isNew) await checkCount(tx, put.accountId);
  await emit(tx, {
    accountId: put.accountId,
    type: isNew ? 'function_requester.created' : 'function_requester.updated',
    resourceId: id,
    data: { identifier: put.identifier },
  });
  return readRequester(present(row, 'a requester that was put'));
}

type KnownRow = { id: string; account_id: string; removed_at: Date | null };

/** The account's own requester of this identifier, removed or not. */
async function checkIdentifierFree(
  tx: Ctx,
  { accountId, identifier }: PutRequester,
): Promise<KnownRow | undefined> {
  const rows = await query<KnownRow>(tx.db, selectKnown, [identifier]);
  if (rows.some((row) => row.account_id !== accountId && row.removed_at === null))
    throw new AppError('conflict', 'This identifier is taken in this installation: choose another one.');
  return rows.find((row) => row.account_id === accountId);
}

async function checkCount(tx: Ctx, accountId: string): Promise<void> {
  const [row] = await query<{ requesters: bigint }>(tx.db, count, [accountId]);
  if ((row?.requesters ?? 0n) > BigInt(requestersMax))
    throw new AppError(
      'conflict',
      `There are ${requestersMax} function requesters: replace or remove one of them.`,
    );
}

function valuesOf(tx: Ctx, id: string, put: PutRequester, checked: CheckedRequester): unknown[] {
  return [
    id,
    put.accountId,
    put.identifier,
    checked.certificates,
    checked.fingerprints,
    put.ca ?? null,
    checked.caSubjects,
    put.subjectCommonName ?? null,
    put.progressUrl ?? null,
    put.progressCa ?? null,
    put.tellsChanges ?? false,
    tx.now,
  ];
}

// The newest first: of several that were removed, that one comes back.
const selectKnown = `
  select id, account_id, removed_at from smdp.function_requesters where identifier = $1
  order by (removed_at is null) desc, id desc`;

const count =
  'select count(*) as requesters from smdp.function_requesters where account_id = $1 and removed_at is null';

const upsert = `
  insert into smdp.function_requesters (id, account_id, identifier, certificates, fingerprints, ca, ca_subjects,
    subject_common_name, progress_url, progress_ca, tells_changes, created_at, updated_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
  on conflict (id) do update set certificates = excluded.certificates, fingerprints = excluded.fingerprints,
    ca = excluded.ca, ca_subjects = excluded.ca_subjects, subject_common_name = excluded.subject_common_name,
    progress_url = excluded.progress_url, progress_ca = excluded.progress_ca, tells_changes = excluded.tells_changes,
    updated_at = excluded.updated_at, removed_at = null, progress_failures = 0, progress_paused_until = null
  returning ${requesterColumns}`;
