// Transport keys by name: put, listed without the key, removed. The key itself is sealed and never read back.
import { AppError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { emit } from '../../events/index.ts';
import { kcvOf, openKey, type TransportAlgorithm, type TransportKey } from './transport_key.ts';

/**
 * Adds or replaces the transport key of this name; imports that have their file keep the one from before. Throws
 * `invalid_request` when name, length or `kcv` are wrong, and `conflict` when the account has 100. Call it in a `write`.
 */
export async function putTransportKey(ctx: Ctx, input: NewTransportKey): Promise<TransportKey> {
  const { accountId, name, algorithm, key } = input;
  if (!/^[\w.-]{1,64}$/.test(name)) throw faultOf('name', 'give 1 to 64 letters, digits or _ . -');
  const kcv = kcvOf(openKey(algorithm, key));
  if (input.kcv !== undefined && input.kcv.toUpperCase() !== kcv)
    throw faultOf('kcv', 'this is not the check value of the key: compare both with who sent them');
  const [row] = await query<TransportKeyRow>(ctx.db, upsert, [
    accountId,
    name,
    algorithm,
    ctx.vault.seal(key, belongsTo(accountId, name)),
    kcv,
    ctx.now,
    keysMax,
  ]);
  if (!row) throw new AppError('conflict', `An account has at most ${keysMax} transport keys: remove one.`);
  await emit(ctx, { accountId, type: 'transport_key.put', resourceId: name, data: { algorithm, kcv } });
  return readRow(row);
}

export type NewTransportKey = {
  accountId: string;
  name: string;
  algorithm: TransportAlgorithm;
  key: Uint8Array;
  /** Checked against the key when given. */
  kcv?: string;
};

/** The transport keys of the account by name, up to 100. */
export async function listTransportKeys(ctx: Ctx, accountId: string): Promise<TransportKey[]> {
  const rows = await query<TransportKeyRow>(ctx.db, `${select} where account_id = $1 order by name`, [
    accountId,
  ]);
  return rows.map(readRow);
}

/** Forgets a transport key; gives what it was. Throws `not_found`. Call it in a `write`. */
export async function removeTransportKey(
  ctx: Ctx,
  { accountId, name }: { accountId: string; name: string },
): Promise<TransportKey> {
  const [row] = await query<TransportKeyRow>(ctx.db, remove, [accountId, name]);
  if (!row) throw notFound(name);
  const { algorithm, kcv } = row;
  await emit(ctx, { accountId, type: 'transport_key.removed', resourceId: name, data: { algorithm, kcv } });
  return readRow(row);
}

/** The key itself with its check value, for those who decipher. Throws `not_found`. */
export async function openTransportKey(
  ctx: Ctx,
  { accountId, name }: { accountId: string; name: string },
): Promise<OpenedTransportKey> {
  const [row] = await query<TransportKeyRow & { key: Buffer }>(ctx.db, selectWithKey, [accountId, name]);
  if (!row) throw notFound(name);
  const key = ctx.vault.open(row.key, belongsTo(accountId, name));
  return { algorithm: row.algorithm, key, kcv: row.kcv };
}

export type OpenedTransportKey = { algorithm: TransportAlgorithm; key: Uint8Array; kcv: string };

type TransportKeyRow = {
  name: string;
  algorithm: TransportAlgorithm;
  kcv: string;
  created_at: Date;
  updated_at: Date;
};

const keysMax = 100;
const columns = 'name, algorithm, kcv, created_at, updated_at';
const select = `select ${columns} from inventory.transport_keys`;
const selectWithKey = `select ${columns}, key from inventory.transport_keys where account_id = $1 and name = $2`;
const remove = `delete from inventory.transport_keys where account_id = $1 and name = $2 returning ${columns}`;

const upsert = `
  insert into inventory.transport_keys as t (account_id, name, algorithm, key, kcv, created_at, updated_at)
  select $1, $2, $3, $4, $5, $6, $6
  where (select count(*) from inventory.transport_keys where account_id = $1 and name <> $2) < $7
  on conflict (account_id, name) do update
    set algorithm = excluded.algorithm, key = excluded.key, kcv = excluded.kcv, updated_at = excluded.updated_at
  returning ${columns}`;

function readRow({ created_at: createdAt, updated_at: updatedAt, ...same }: TransportKeyRow): TransportKey {
  const { name, algorithm, kcv } = same;
  return { name, algorithm, kcv, createdAt, updatedAt };
}

function belongsTo(accountId: string, name: string): string {
  return `transport key ${accountId} ${name}`;
}

function notFound(name: string): AppError {
  return new AppError('not_found', `There is no transport key named ${JSON.stringify(name)}.`);
}

function faultOf(field: string, detail: string): AppError {
  return new AppError('invalid_request', 'The transport key is not valid.', { fields: [{ field, detail }] });
}
