// Profile types are made once, checked then, and read from memory afterwards: they never change.
import { AppError, type FieldError } from '../../base/app_error.ts';
import { type Id, newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { checkProfilePackage } from '../../rsp/profile/check_profile_package.ts';
import { emit } from '../events/index.ts';
import type { NewProfileType, ProfileMetadata, ProfileType } from './profile_type.ts';

/**
 * Adds a profile type. Throws `invalid_request` for metadata out of bounds, `invalid_profile_package` with the first
 * fault of an imported package, `conflict` when the name is taken. Call it in a `write`.
 */
export async function createProfileType(
  ctx: Ctx,
  accountId: string,
  input: NewProfileType,
): Promise<ProfileType> {
  assertProfileType(input);
  const id = newId('profileType', ctx.now.getTime());
  const created = {
    id,
    ...input,
    package: input.package ?? null,
    icon: input.icon ?? null,
    core: input.core ?? ('simulated' as const),
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
  ]);
  if (rows.length === 0)
    throw new AppError('conflict', `There is a profile type named ${JSON.stringify(input.name)} already.`);
  await emit(ctx, { accountId, type: 'profile_type.created', resourceId: id, data: { name: input.name } });
  return created;
}

/** The profile type of this name. Throws `unknown_profile_type`. */
export async function getProfileType(ctx: Ctx, name: string): Promise<ProfileType> {
  const found = await findProfileType(ctx, name);
  if (!found)
    throw new AppError('unknown_profile_type', `There is no profile type named ${JSON.stringify(name)}.`);
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

/** All profile types, in the order of their names, up to 1,000. */
export async function listProfileTypes(ctx: Ctx): Promise<ProfileType[]> {
  const rows = await query<ProfileTypeRow>(ctx.db, `${selectProfileTypes} order by name limit 1000`);
  return rows.map(readProfileType);
}

// Keyed by the vault, which lives as long as the process serves this database and is the same inside transactions.
const heldBy = new WeakMap<Ctx['vault'], Map<string, ProfileType>>();

type ProfileTypeRow = {
  id: string;
  name: string;
  package: Buffer | null;
  personalisation: ProfileType['personalisation'];
  metadata: ProfileMetadata;
  icon: Buffer | null;
  core: ProfileType['core'];
  created_at: Date;
};

const selectProfileTypes =
  'select id, name, package, personalisation, metadata, icon, core, created_at from inventory.profile_types';

const insertProfileType = `
  insert into inventory.profile_types (id, name, package, personalisation, metadata, icon, core, created_at)
  values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8)
  on conflict (name) do nothing returning id`;

function readProfileType(row: ProfileTypeRow): ProfileType {
  const { created_at: createdAt, id, ...same } = row;
  return { ...same, id: id as Id<'profileType'>, createdAt };
}

function assertProfileType(input: NewProfileType): void {
  const { metadata, icon } = input;
  const rules: [boolean, string, string][] = [
    [/^[\w.-]{1,64}$/.test(input.name), 'name', 'give 1 to 64 letters, digits or _ . -'],
    [
      input.personalisation === 'full' || input.package !== undefined,
      'personalisation',
      'only an imported package can go without',
    ],
    [
      utf8Bytes(metadata.serviceProviderName) <= 32,
      'metadata.serviceProviderName',
      'at most 32 bytes of UTF-8',
    ],
    [utf8Bytes(metadata.profileName) <= 64, 'metadata.profileName', 'at most 64 bytes of UTF-8'],
    [
      (icon === undefined) === (metadata.iconType === undefined),
      'icon',
      'give icon and metadata.iconType together',
    ],
    [(icon?.length ?? 0) <= 1024, 'icon', 'at most 1024 bytes'],
    [
      !metadata.policyRules?.length || metadata.ownerMccMnc !== undefined,
      'metadata.ownerMccMnc',
      'policy rules need an owner',
    ],
    [
      metadata.ownerMccMnc === undefined || /^\d{5,6}$/.test(metadata.ownerMccMnc),
      'metadata.ownerMccMnc',
      'give 5 or 6 digits',
    ],
  ];
  const fields: FieldError[] = rules
    .filter(([holds]) => !holds)
    .map(([, field, detail]) => ({ field, detail }));
  if (fields.length > 0) throw new AppError('invalid_request', 'The profile type is not valid.', { fields });
  const fault =
    input.package && checkProfilePackage(input.package).find((finding) => finding.severity === 'error');
  if (fault)
    throw new AppError('invalid_profile_package', fault.message, {
      fields: [{ field: 'package', detail: fault.message }],
    });
}

function utf8Bytes(text: string): number {
  return Buffer.byteLength(text);
}
