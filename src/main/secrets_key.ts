// The keys of the vault: from the setting, else from a file that is made on the first start and readable by nobody else.
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../base/app_error.ts';
import { createVault, type Vault } from '../base/vault.ts';
import type { Database } from '../pg/database.ts';
import { query } from '../pg/query.ts';

/** The vault of this installation. Throws `unavailable` when its key is not the one that this database was sealed with. */
export async function openVault(
  database: Database,
  of: { dataDir: string; secretsKey: string | undefined },
): Promise<Vault> {
  const file = join(of.dataDir, 'secrets.key');
  const text = of.secretsKey ?? (await readOrMakeKey(file));
  const vault = createVault(text.trim().split(',').map(readKey));
  await checkVault(database, vault, of.secretsKey === undefined ? file : 'OVERAIR_SECRETS_KEY');
  return vault;
}

async function readOrMakeKey(file: string): Promise<string> {
  try {
    await writeFile(file, `1:${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return await readFile(file, 'utf8');
}

function readKey(text: string): { id: number; key: Buffer } {
  const [id, key] = text.split(':');
  return { id: Number(id), key: Buffer.from(key ?? '', 'hex') };
}

async function checkVault(database: Database, vault: Vault, where: string): Promise<void> {
  const sealed = vault.seal(Buffer.from('overair'), owner);
  await query(
    database.kysely,
    'insert into overair.installation (vault_check) values ($1) on conflict do nothing',
    [sealed],
  );
  const [row] = await query<{ vault_check: Buffer }>(
    database.kysely,
    'select vault_check from overair.installation',
  );
  try {
    vault.open(row?.vault_check ?? Buffer.alloc(0), owner);
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `The key in ${where} is not the one that this database's secrets were sealed with. Bring back that key, or put it behind the new one (OVERAIR_SECRETS_KEY=2:new,1:old).`,
      { cause },
    );
  }
}

const owner = 'installation';
