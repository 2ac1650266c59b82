// A door: what an account may set about an API that speaks a vendor's dialect, and the secret that signs its callbacks.
import { AppError } from '../../base/app_error.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { notify } from '../../pg/listen.ts';
import { query } from '../../pg/query.ts';
import { forgetHeld, type Held, holding } from './held.ts';

/** The settings of each door, all of them with a value. */
export type DoorSettings = {
  supersim: {
    /** Name of the product that is ordered for a new eSIM. */
    product: string;
    /** Of an eSIM's life, what its callback is told; null when that follows from who set the callback. */
    callbackEvents: 'available' | 'all' | null;
  };
  esimgo: {
    /** 3 says more about a bundle than 2, and is signed. */
    callbackVersion: 2 | 3;
    signatureEncoding: 'base64' | 'hex';
    /** What the account says about itself, by the vendor's names. */
    organisation: OrganisationDetails;
  };
  connect: {
    /** Whether callbacks are signed once there is a secret for that; the vendor signs nothing. */
    signCallbacks: boolean;
  };
};

export const organisationDetails = [
  'addr1',
  'addr2',
  'city',
  'country',
  'postcode',
  'taxLiable',
  'businessType',
  'website',
  'productDescription',
  'notes',
] as const;

export type OrganisationDetails = { [D in (typeof organisationDetails)[number]]?: string };

export type DoorName = keyof DoorSettings;

/** What holds where neither the account nor its parent has set anything. */
const defaults: DoorSettings = {
  supersim: { product: 'esim_profile', callbackEvents: null },
  esimgo: { callbackVersion: 3, signatureEncoding: 'base64', organisation: {} },
  connect: { signCallbacks: true },
};

export type Door<D extends DoorName> = {
  settings: DoorSettings[D];
  /** Of its own, or its parent's. */
  hasSigningSecret: boolean;
};

/**
 * The door as it is for this account: what it has not set itself is as its parent set it, or as it is without anybody
 * setting it. Outside of a transaction it is held for two seconds, or until it changes on any node. Throws `not_found`.
 */
export async function getDoor<D extends DoorName>(ctx: Ctx, of: OfDoor<D>): Promise<Door<D>> {
  if (ctx.db.isTransaction) return await loadDoor(ctx, of);
  return await held[of.door](ctx, of.accountId, () => loadDoor(ctx, of));
}

const held: { [D in DoorName]: Held<Door<D>> } = {
  supersim: holding(),
  esimgo: holding(),
  connect: holding(),
};

async function loadDoor<D extends DoorName>(ctx: Ctx, { accountId, door }: OfDoor<D>): Promise<Door<D>> {
  const [row] = await query<DoorRow<D>>(ctx.db, selectDoor, [accountId, door]);
  if (!row) throw new AppError('not_found', 'There is no such account.');
  return {
    settings: { ...defaults[door], ...row.parent_settings, ...row.settings },
    hasSigningSecret: row.has_signing_secret,
  };
}

export type OfDoor<D extends DoorName = DoorName> = { accountId: string; door: D };

type DoorRow<D extends DoorName> = {
  settings: Partial<DoorSettings[D]> | null;
  parent_settings: Partial<DoorSettings[D]> | null;
  has_signing_secret: boolean;
};

/**
 * Replaces what the account itself has set: what is left out of `settings` follows its parent again. Gives the door as it
 * is then; every node knows it at once. Throws `not_found`. Call it in a `write`.
 */
export async function putDoor<D extends DoorName>(
  tx: Ctx,
  { accountId, door, settings }: OfDoor<D> & { settings: Partial<DoorSettings[D]> },
): Promise<Door<D>> {
  const rows = await query(tx.db, upsertSettings, [accountId, door, JSON.stringify(settings), tx.now]);
  if (rows.length === 0) throw new AppError('not_found', 'There is no such account.');
  await forgetDoors(tx);
  return await loadDoor(tx, { accountId, door });
}

/** What is held of doors is forgotten on every node once this transaction is on disk. */
export async function forgetDoors(tx: Ctx): Promise<void> {
  tx.afterCommit(forgetHeld);
  await notify(tx, 'api_keys');
}

const upsertSettings = `
  insert into accounts.doors (account_id, door, settings, updated_at)
  select id, $2, $3::jsonb, $4 from accounts.accounts where id = $1
  on conflict (account_id, door) do update set settings = excluded.settings, updated_at = excluded.updated_at
  returning account_id`;

const selectDoor = `
  select own.settings, parents.settings as parent_settings,
    own.signing_secret is not null or parents.signing_secret is not null as has_signing_secret
  from accounts.accounts a
  left join lateral (
    select settings, signing_secret from accounts.doors where account_id = a.id and door = $2
  ) as own on true
  left join lateral (
    select settings, signing_secret from accounts.doors where account_id = a.parent_id and door = $2
  ) as parents on true
  where a.id = $1`;
