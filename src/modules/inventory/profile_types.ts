// Profile types are made once, checked then, and read from memory afterwards: they never change.
import { AppError } from '../../base/app_error.ts';
import { type Id, newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { emit } from '../events/index.ts';
import { assertProfileType } from './assert_profile_type.ts';
import type { NewProfileType, ProfileMetadata, ProfileType } from './profile_type.ts';

/**
 * Adds a profile type of the account, or with null one of the whole installation, which nobody is told of. Throws `invalid_request` for metadata out of bounds, `invalid_profile_package` with the first
 * fault of an imported package, `conflict` when the name is taken. Call it in a `write`.
 */
export async function createProfileType(
  ctx: Ctx,
  accountId: string | null,
  input: NewProfileType,
): Promise<ProfileType> {
  assertProfileType(input);
  const id = newId('profileType', ctx.now.getTime());
  const created = {
    id,
    accountId,
    ...input,
    package: input.package ?? null,
    icon: input.icon ?? null,
    core: input.core ?? ('simulated' as const),
    remote: input.remote ?? null,
    createdAt: ctx.now,
  };
  const rows = await query(ctx.db, insertProfileType, [
    id,
    input.name,
    created.package,
    input.personalisation,
    JSON.stringify(input.metadata),
    created.icon,
    created.core,
    ctx.now,
    accountId,
    created.remote && JSON.stringify(created.remote),
  ]);
  if (rows.length === 0)
    throw new AppError('conflict', `There is a profile type named ${JSON.stringify(input.name)} already.`);
  if (accountId !== null)
    await emit(ctx, { accountId, type: 'profile_type.created', resourceId: id, data: { name: input.name } });
  return created;
}

/** The profile type of this name. Throws `unknown_profile_type`. */
export async function getProfileType(ctx: Ctx, name: string): Promise<ProfileType> {
  const found = await findProfileType(ctx, name);
  if (!found) throw unknownType(name);
  return found;
}

/** The profile type of this name, if there is one. */
export async function findProfileType(ctx: Ctx, name: string): Promise<ProfileType | undefined> {
  const held = heldBy.get(ctx.vault) ?? new Map<string, ProfileType>();
  heldBy.set(ctx.vault, held);
  const known = held.get(name);
  if (known) return known;
  const [row] = await query<ProfileTypeRow>(ctx.db, `${selectProfileTypes} where name = $1`, [name]);
  if (!row) return undefined;
  const found = readProfileType(row);
  held.set(name, found);
  return found;
}

/**
 * The profile type of this name that the account may add stock to: its own, or one of the whole installation.
 * Throws `unknown_profile_type`.
 */
export async function getProfileTypeOf(ctx: Ctx, accountId: string, name: string): Promise<ProfileType> {
  const found = await findProfileType(ctx, name);
  if (found && (found.accountId === null || found.accountId === accountId)) return found;
  throw unknownType(name);
}

/** The profile types of this account and those of the whole installation, in the order of their names, up to 1,000. */
export async function listProfileTypes(ctx: Ctx, accountId: string): Promise<ProfileType[]> {
  const rows = await query<ProfileTypeRow>(
    ctx.db,
    `${selectProfileTypes} where account_id = $1 or account_id is null order by name limit 1000`,
    [accountId],
  );
  return rows.map(readProfileType);
}

// Keyed by the vault, which lives as long as the process serves this database and is the same inside transactions.
const heldBy = new WeakMap<Ctx['vault'], Map<string, ProfileType>>();

function unknownType(name: string): AppError {
  return new AppError('unknown_profile_type', `There is no profile type named ${JSON.stringify(name)}.`);
}

type ProfileTypeRow = {
  id: string;
  account_id: string | null;
  name: string;
  package: Buffer | null;
  personalisation: ProfileType['personalisation'];
  metadata: ProfileMetadata;
  icon: Buffer | null;
  core: ProfileType['core'];
  remote: ProfileType['remote'];
  created_at: Date;
};

const selectProfileTypes =
  'select id, account_id, name, package, personalisation, metadata, icon, core, remote, created_at from inventory.profile_types';

const insertProfileType = `
  insert into inventory.profile_types (id, name, package, personalisation, metadata, icon, core, created_at, account_id,
    remote)
  values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9, $10::jsonb)
  on conflict (name) do nothing returning id`;

function readProfileType(row: ProfileTypeRow): ProfileType {
  const { created_at: createdAt, account_id: accountId, id, ...same } = row;
  return { ...same, id: id as Id<'profileType'>, accountId, createdAt };
}
