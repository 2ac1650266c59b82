// A remote SM-DP+ is put whole, by name; its private key goes in once and never comes out again.
import { AppError } from '../../../base/app_error.ts';
import { present } from '../../../base/assert.ts';
import { newId } from '../../../base/ids.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { emit } from '../../events/index.ts';
import { tellRemoteWork } from '../ordering/remote_work.ts';
import { checkRemoteSmdp, fingerprintOf, readCertificates } from './check_remote_smdp.ts';
import {
  type PutRemoteSmdp,
  type RemoteSmdp,
  type RemoteSmdpRow,
  readRemoteSmdp,
  remoteSmdpColumns,
} from './remote_smdp.ts';

/**
 * Adds or replaces the account's remote SM-DP+ of this name, one that was removed included, and gives it. What waited
 * for it is tried at once. Throws `invalid_request` naming each field at fault, `conflict` when the account has 100
 * others. Call it in a `write`.
 */
export async function putRemoteSmdp(tx: Ctx, input: PutRemoteSmdp): Promise<RemoteSmdp> {
  checkRemoteSmdp(tx, input);
  const known = await lockByName(tx, input);
  if (!known) await checkCount(tx, input.accountId);
  const id = known?.id ?? newId('remoteSmdp', tx.now.getTime());
  const isNew = !known || known.removed_at !== null;
  const [row] = await query<RemoteSmdpRow>(tx.db, upsert, [
    id,
    input.accountId,
    input.name,
    input.es2Url.replace(/\/+$/, ''),
    input.requesterIdentifier,
    input.smdpAddress ?? new URL(input.es2Url).hostname,
    input.smdsAddress ?? rootSmds,
    input.certificate,
    sealKey(tx, id, input, known),
    input.ca ?? null,
    (input.peerCertificates ?? []).flatMap((pem) => readCertificates(pem).slice(0, 1).map(fingerprintOf)),
    tx.now,
  ]);
  const server = readRemoteSmdp(present(row, 'a remote SM-DP+ that was put'));
  await query(tx.db, tryAtOnce, [server.id]);
  tx.afterCommit(() => tellRemoteWork(tx));
  await emit(tx, {
    accountId: server.accountId,
    type: isNew ? 'remote_smdp.created' : 'remote_smdp.updated',
    resourceId: server.id,
    data: { name: server.name, es2Url: server.es2Url, requesterIdentifier: server.requesterIdentifier },
  });
  return server;
}

/** What the sealed key of a server belongs to, for the vault. */
export function keyOwner(serverId: string): string {
  return `remote SM-DP+ ${serverId}`;
}

const rootSmds = 'lpa.ds.gsma.com';
const serversMax = 100;

type KnownRow = { id: string; certificate: string; private_key: Buffer; removed_at: Date | null };

async function lockByName(tx: Ctx, { accountId, name }: PutRemoteSmdp): Promise<KnownRow | undefined> {
  const [row] = await query<KnownRow>(tx.db, selectByName, [accountId, name]);
  return row;
}

async function checkCount(tx: Ctx, accountId: string): Promise<void> {
  const rows = await query(tx.db, selectIds, [accountId, serversMax]);
  if (rows.length >= serversMax)
    throw new AppError('conflict', `There are ${serversMax} remote SM-DP+ servers: replace one of them.`);
}

function sealKey(tx: Ctx, id: string, { privateKey, certificate }: PutRemoteSmdp, known?: KnownRow): Buffer {
  if (privateKey !== undefined) return tx.vault.seal(Buffer.from(privateKey), keyOwner(id));
  if (known && known.certificate === certificate) return known.private_key;
  const detail = known ? 'a new certificate needs its key' : 'give the key of the certificate';
  throw new AppError('invalid_request', `privateKey: ${detail}.`, {
    fields: [{ field: 'privateKey', detail }],
  });
}

const selectByName = `
  select id, certificate, private_key, removed_at from remote_smdp.servers
  where account_id = $1 and name = $2 for update`;

const selectIds = 'select from remote_smdp.servers where account_id = $1 limit $2';

// Those that are locked are being written about just now: whoever notes an outcome locks the server behind the profile.
const tryAtOnce = `
  with waiting as materialized (
    select id from remote_smdp.profiles
    where server_id = $1 and due_at > clock_timestamp() for update skip locked
  )
  update remote_smdp.profiles set due_at = clock_timestamp() where id = any(array(select id from waiting))`;

const upsert = `
  insert into remote_smdp.servers (id, account_id, name, es2_url, requester_identifier, smdp_address, smds_address,
    certificate, private_key, ca, peer_fingerprints, created_at, updated_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text[], $12, $12)
  on conflict (account_id, name) do update set es2_url = excluded.es2_url,
    requester_identifier = excluded.requester_identifier, smdp_address = excluded.smdp_address,
    smds_address = excluded.smds_address, certificate = excluded.certificate, private_key = excluded.private_key,
    ca = excluded.ca, peer_fingerprints = excluded.peer_fingerprints, version = servers.version + 1, failures = 0,
    open_until = null, last_error = null, updated_at = excluded.updated_at, removed_at = null
  returning ${remoteSmdpColumns}`;
