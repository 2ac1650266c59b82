// Profiles are made ready ahead of time: personalised, protected under keys of their own, and open for download.
import { randomBytes } from 'node:crypto';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { mccMncBytes } from '../../../rsp/asn1/operator_id.ts';
import { writeStoreMetadata } from '../../../rsp/asn1/store_metadata.ts';
import { protectProfile } from '../../../rsp/es8/protect_profile.ts';
import { buildProfilePackage } from '../../../rsp/profile/build_profile_package.ts';
import {
  type PersonalisationTemplate,
  personalise,
  preparePersonalisation,
} from '../../../rsp/profile/personalise_profile_package.ts';
import { openSubscription, type ProfileType, type StockProfile } from '../../inventory/index.ts';
import { sealProtectionKeys } from './protection_keys.ts';

/** Makes these profiles, in state `released`, and gives how each is asked for. Call it in a `write`. */
export async function releaseProfiles(
  tx: Ctx,
  items: readonly ProfileToRelease[],
): Promise<ReleasedProfile[]> {
  const profiles = items.map((item) => prepareProfile(tx, item));
  await query(tx.db, insertProfiles, [
    JSON.stringify(profiles.map((each) => each.row)),
    profiles.map((each) => each.confirmationCode),
    profiles.map((each) => each.metadata),
    profiles.map((each) => each.protectedPackage),
    profiles.map((each) => each.protectionKeys),
    tx.now,
  ]);
  return profiles.map(({ row }) => ({ iccid: row.iccid, matchingId: row.matching_id }));
}

export type ProfileToRelease = {
  stock: StockProfile;
  profileType: ProfileType;
  accountId: string;
  /** Host name that the activation code and the notifications name. */
  smdpAddress: string;
  delivery: 'activation_code' | 'default_smdp';
  /** The only eUICC that may download it; needed for delivery by the default SM-DP+. */
  eid: string | null;
  /** SHA-256 of the confirmation code; null when there is none. */
  confirmationCodeHash: Uint8Array | null;
  /** Until when it may be downloaded, by the account's clock; null for ever. */
  expiresAt: Date | null;
  /** What a phone shows instead of the names of the profile type. */
  names?: { serviceProviderName?: string; profileName?: string };
};

export type ReleasedProfile = { iccid: string; matchingId: string | null };

/** Ends profiles that nobody shall download any more. Call it in a `write`. */
export async function withdrawProfiles(tx: Ctx, iccids: readonly string[]): Promise<void> {
  if (iccids.length > 0)
    await query(tx.db, "update smdp.profiles set state = 'unavailable' where iccid = any($1)", [[...iccids]]);
}

/** What happens to this profile from now on is told to another account. Call it in a `write`. */
export async function moveProfileRow(tx: Ctx, of: { iccid: string; toAccountId: string }): Promise<void> {
  await query(tx.db, 'update smdp.profiles set account_id = $2 where iccid = $1', [of.iccid, of.toAccountId]);
}

function prepareProfile(tx: Ctx, item: ProfileToRelease) {
  const { iccid } = item.stock;
  const { blocks, keys } = protectProfile(packageOf(tx, item));
  return {
    row: {
      iccid,
      account_id: item.accountId,
      profile_type_id: item.profileType.id,
      smdp_address: item.smdpAddress,
      eid: item.eid,
      matching_id: item.delivery === 'default_smdp' ? null : newMatchingId(),
      policy_rules: item.profileType.metadata.policyRules ?? [],
      expires_at: item.expiresAt,
    },
    confirmationCode: item.confirmationCodeHash && tx.vault.seal(item.confirmationCodeHash, iccid),
    metadata: metadataOf(item),
    protectedPackage: blocks,
    protectionKeys: sealProtectionKeys(tx.vault, iccid, keys),
  };
}

function packageOf(tx: Ctx, { stock, profileType }: ProfileToRelease): Uint8Array {
  if (profileType.package && profileType.personalisation === 'none') return profileType.package;
  const subscription = openSubscription(tx, stock);
  return profileType.package
    ? personalise(templateOf(profileType), subscription)
    : buildProfilePackage(subscription);
}

const templates = new WeakMap<ProfileType, PersonalisationTemplate>();

/** The imported package, parsed once per process. */
function templateOf(profileType: ProfileType): PersonalisationTemplate {
  const template =
    templates.get(profileType) ?? preparePersonalisation(profileType.package ?? Buffer.alloc(0));
  templates.set(profileType, template);
  return template;
}

function metadataOf({ stock, profileType, smdpAddress, names }: ProfileToRelease): Uint8Array {
  const {
    serviceProviderName,
    profileName,
    profileClass,
    iconType,
    ownerMccMnc,
    policyRules,
    notifications,
  } = profileType.metadata;
  return writeStoreMetadata({
    iccid: stock.iccid,
    serviceProviderName: names?.serviceProviderName ?? serviceProviderName,
    profileName: names?.profileName ?? profileName,
    profileClass,
    iconType,
    icon: profileType.icon ?? undefined,
    profileOwner: ownerMccMnc === undefined ? undefined : { mccMnc: mccMncBytes(ownerMccMnc) },
    profilePolicyRules: policyRules?.length ? policyRules : undefined,
    notificationConfigurationInfo: [
      {
        profileManagementOperation: notifications ?? [...allNotifications],
        notificationAddress: smdpAddress,
      },
    ],
  });
}

const allNotifications = ['install', 'enable', 'disable', 'delete'] as const;

/** 100 random bits as `XXXXX-XXXXX-XXXXX-XXXXX`: only characters that every LPA takes, none that look alike. */
function newMatchingId(): string {
  const text = Array.from(randomBytes(20), (byte) => matchingIdAlphabet[byte & 31]).join('');
  return text.replace(/(.{5})(?=.)/g, '$1-');
}

const matchingIdAlphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

const insertProfiles = `
  insert into smdp.profiles (iccid, account_id, profile_type_id, smdp_address, eid, matching_id, policy_rules,
    expires_at,
    confirmation_code, metadata, protected_package, protection_keys, state, created_at)
  select p.*, 'released', $6::timestamptz
  from rows from (
    jsonb_to_recordset($1::jsonb) as (iccid text, account_id text, profile_type_id text, smdp_address text, eid text,
      matching_id text, policy_rules text[], expires_at timestamptz),
    unnest($2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[])
  ) as p`;
