// The statements on `smdp.crls` and `smdp.crl_sources`: revocation lists that were fetched, for every node and restart.
import type { Db } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';

export type StoredCrl = { source: string; der: Buffer };

export type NewCrl = {
  /** Names issuer and distribution point. */
  scope: Uint8Array;
  source: string;
  der: Uint8Array;
  number: string | undefined;
  thisUpdate: Date;
  nextUpdate: Date | undefined;
};

/** Those of these URLs. */
export function selectCrls(db: Db, sources: readonly string[]): Promise<StoredCrl[]> {
  return query<StoredCrl>(db, selectCrlsText, [sources]);
}

const selectCrlsText =
  'select source, der from smdp.crls where source = any($1::text[]) order by scope limit 1000';

/** A text that changes when one of the lists of these URLs does. */
export async function selectCrlsRevision(db: Db, sources: readonly string[]): Promise<string> {
  const [row] = await query<{ revision: string }>(db, selectRevisionText, [sources]);
  return row?.revision ?? '';
}

const selectRevisionText = `
  select count(*) || ' ' || coalesce(max(this_update)::text, '') || ' ' || coalesce(max(fetched_at)::text, '') as revision
  from smdp.crls where source = any($1::text[])`;

/** `stored`, `same` when it is there already, or `older` when there is a newer one; then nothing has changed. */
export async function upsertCrl(db: Db, crl: NewCrl, now: Date): Promise<'stored' | 'same' | 'older'> {
  const [row] = await query<{ this_update: Date }>(db, upsertText, [
    crl.scope,
    crl.source,
    crl.der,
    crl.number ?? null,
    crl.thisUpdate,
    crl.nextUpdate ?? null,
    now,
  ]);
  if (row) return 'stored';
  const [kept] = await query<{ same: boolean }>(db, isSameText, [
    crl.scope,
    crl.thisUpdate,
    crl.number ?? null,
  ]);
  return kept?.same ? 'same' : 'older';
}

const upsertText = `
  insert into smdp.crls (scope, source, der, number, this_update, next_update, fetched_at)
  values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (scope) do update
  set source = excluded.source, der = excluded.der, number = excluded.number, this_update = excluded.this_update,
      next_update = excluded.next_update, fetched_at = excluded.fetched_at
  where excluded.this_update > crls.this_update
     or (excluded.this_update = crls.this_update and excluded.number is distinct from crls.number
         and coalesce(length(excluded.number), 0) >= coalesce(length(crls.number), 0)
         and coalesce(excluded.number, '') > coalesce(crls.number, ''))
  returning this_update`;

// Signed again without a change, a list has other bytes and says the same.
const isSameText = `
  select this_update = $2 and number is not distinct from $3 as same from smdp.crls where scope = $1`;

/** `error` is undefined for a success. */
export async function upsertCrlSource(
  db: Db,
  source: string,
  error: string | undefined,
  now: Date,
): Promise<void> {
  await query(db, upsertSourceText, [source, now, error === undefined ? now : null, error ?? null]);
}

const upsertSourceText = `
  insert into smdp.crl_sources (source, tried_at, fetched_at, error) values ($1, $2, $3, $4)
  on conflict (source) do update
  set tried_at = excluded.tried_at, fetched_at = coalesce(excluded.fetched_at, crl_sources.fetched_at), error = excluded.error`;
