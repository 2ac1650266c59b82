// `overair account`: the first account and key of an installation, which no API call can make.
import { parseArgs } from 'node:util';
import { AppError } from '../base/app_error.ts';
import { parseMinor } from '../base/money.ts';
import { readConfig } from '../main/config.ts';
import { createLog } from '../main/log.ts';
import { openInstallation } from '../main/open_installation.ts';
import { createAccount, createApiKey, listAccounts, scopes } from '../modules/accounts/index.ts';
import { topUp } from '../modules/ledger/index.ts';
import { type Ctx, systemCtx } from '../pg/ctx.ts';
import { write } from '../pg/write.ts';

const usage = `overair account create NAME [--currency EUR] [--credit 100.00] [--json]
overair account list [--json]

Creates an account with an API key that may do everything; the key is printed once. Works beside a running server.`;

export async function accountCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      currency: { type: 'string', default: 'EUR' },
      credit: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [action, name] = positionals;
  if (values.help || (action !== 'list' && !(action === 'create' && name))) return console.log(usage);
  const installation = await openInstallation(readConfig(), createLog('warn'));
  try {
    const ctx: Ctx = {
      ...systemCtx(installation.database, installation),
      actor: { kind: 'operator', name: 'overair account' },
    };
    const result =
      action === 'list' ? await listAccounts(ctx) : await create(ctx, { ...values, name: name ?? '' });
    if (values.json) console.log(JSON.stringify(result, undefined, 2));
    else console.table(Array.isArray(result) ? result : [result]);
  } finally {
    await installation.close();
  }
}

async function create(ctx: Ctx, input: { name: string; currency: string; credit?: string | undefined }) {
  if (!/^[A-Z]{3}$/.test(input.currency))
    throw new AppError('invalid_request', `${input.currency} is not an ISO 4217 code: give it like EUR.`);
  const creditMinor = input.credit === undefined ? 0n : parseMinor(input.credit, input.currency);
  return await write(ctx, {}, async (tx) => {
    const account = await createAccount(tx, { name: input.name, kind: 'live', currency: input.currency });
    if (creditMinor > 0n)
      await topUp(tx, {
        accountId: account.id,
        currency: account.currency,
        amountMinor: creditMinor,
        reference: 'opening credit',
      });
    const { key, secret } = await createApiKey(tx, { accountId: account.id, name: 'first key', scopes });
    const { id, name, currency } = account;
    return { account: id, name, currency, apiKeyId: key.id, apiKey: secret };
  });
}
