// An account's own place to try things in: an account beside it that its keys open too, made when it is first asked for.
import { type Id, newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { write } from '../../pg/write.ts';
import { emit } from '../events/index.ts';
import type { Account } from './account.ts';
import { type Credential, heldCredential } from './held_credentials.ts';

/**
 * The same key for the sandbox of its account: of kind `sandbox`, in the same currency, with data and a clock of its own.
 * `opened` is called once, in the transaction that makes it.
 */
export async function sandboxCredential(
  ctx: Ctx,
  credential: Credential,
  opened: (tx: Ctx, sandbox: SandboxAccount) => Promise<void> = async () => {},
): Promise<Credential> {
  const { account, apiKeyId } = credential;
  return await heldCredential(ctx, `${apiKeyId} ${account.id} sandbox`, async () => {
    const sandbox =
      (await findSandbox(ctx, account.id)) ??
      (await write(ctx, {}, (tx) => makeSandbox(tx, credential, opened)));
    return { ...credential, account: sandbox };
  });
}

export type SandboxAccount = Credential['account'];

async function findSandbox(ctx: Ctx, accountId: string): Promise<SandboxAccount | undefined> {
  const [row] = await query<SandboxRow>(ctx.db, selectSandbox, [accountId]);
  return (
    row && {
      id: row.id as Id<'account'>,
      kind: row.kind,
      currency: row.currency,
      name: row.name,
      parentId: null,
      clockOffsetMs: Number(row.clock_offset_ms),
    }
  );
}

async function makeSandbox(
  tx: Ctx,
  { account }: Credential,
  opened: (tx: Ctx, sandbox: SandboxAccount) => Promise<void>,
): Promise<SandboxAccount> {
  // One at a time: whoever comes second finds it.
  await query(tx.db, 'select 1 from accounts.accounts where id = $1 for update', [account.id]);
  const known = await findSandbox(tx, account.id);
  if (known) return known;
  const id = newId('account', tx.now.getTime());
  const sandbox: SandboxAccount = {
    id,
    kind: 'sandbox',
    currency: account.currency,
    name: `${account.name} (sandbox)`,
    parentId: null,
    clockOffsetMs: 0,
  };
  await query(tx.db, insertSandbox, [id, sandbox.name, sandbox.currency, tx.now, account.id]);
  await emit(tx, {
    accountId: account.id,
    type: 'account.created',
    resourceId: id,
    data: { name: sandbox.name, sandbox: true },
  });
  await opened(tx, sandbox);
  return sandbox;
}

type SandboxRow = Pick<Account, 'kind' | 'currency' | 'name'> & { id: string; clock_offset_ms: bigint };

const selectSandbox =
  'select id, kind, currency, name, clock_offset_ms from accounts.accounts where sandbox_of = $1';

const insertSandbox = `
  insert into accounts.accounts (id, name, kind, currency, created_at, sandbox_of)
  values ($1, $2, 'sandbox', $3, $4, $5)`;
