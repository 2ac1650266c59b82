// Profiles are made ready ahead of time: personalised, protected under keys of their own, and open for download.
import { fromHex } from '../../../base/bytes.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { mccMncBytes, type OperatorId } from '../../../rsp/asn1/operator_id.ts';
import { type NotificationConfiguration, writeStoreMetadata } from '../../../rsp/asn1/store_metadata.ts';
import { protectProfile } from '../../../rsp/es8/protect_profile.ts';
import { newMatchingId } from '../../../rsp/matching_id.ts';
import { buildProfilePackage } from '../../../rsp/profile/build_profile_package.ts';
import {
  type PersonalisationTemplate,
  personalise,
  preparePersonalisation,
} from '../../../rsp/profile/personalise_profile_package.ts';
import {
  openSubscription,
  type ProfileMetadata,
  type ProfileType,
  type StockProfile,
} from '../../inventory/index.ts';
import { defaultSmdsAddress } from '../push/push.ts';
import { registerPush } from '../push/register_push.ts';
import type { EventOfProfile } from '../push/smds_events_sql.ts';
import { withdrawPush } from '../push/withdraw_push.ts';
import { sealProtectionKeys } from './protection_keys.ts';

/** Makes these profiles, in state `released` unless they say otherwise, and gives how each is asked for. Call it in a `write`. */
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
  await registerPush(
    tx,
    profiles.flatMap(({ row }) => eventOf(row)),
  );
  return profiles.map(({ row }) => ({ iccid: row.iccid, matchingId: row.matching_id }));
}

export type ProfileToRelease = {
  stock: StockProfile;
  profileType: ProfileType;
  accountId: string;
  /** Host name that the activation code and the notifications name. */
  smdpAddress: string;
  /** `smds`: by a code, and by an event that is registered for the EID. */
  delivery: 'activation_code' | 'default_smdp' | 'smds';
  /** The only eUICC that may download it; needed for delivery by the default SM-DP+ and through an SM-DS. */
  eid: string | null;
  /** SHA-256 of the confirmation code; null when there is none. */
  confirmationCodeHash: Uint8Array | null;
  /** Until when it may be downloaded, by the account's clock; null for ever. */
  expiresAt: Date | null;
  /** What a phone shows instead of the names of the profile type. */
  names?: { serviceProviderName?: string; profileName?: string };
  /** Set for one that was ordered over ES2+: it is not open for download yet. */
  ordered?: OrderedOverEs2;
};

export type OrderedOverEs2 = {
  state: 'allocated' | 'linked';
  requesterId: string;
  /** The call that ordered it, as it is kept for resends. */
  call: object;
};

export type ReleasedProfile = { iccid: string; matchingId: string | null };

/** Ends profiles whose order came to nothing, for good: they are not released again. Call it in a `write`. */
export async function withdrawProfiles(tx: Ctx, iccids: readonly string[]): Promise<void> {
  if (iccids.length === 0) return;
  await query(tx.db, withdrawText, [[...iccids], JSON.stringify(withdrawn)]);
  await withdrawPush(tx, iccids);
}

const withdrawn = { outcome: 'withdrawn', reason: 'Its order could not be fulfilled.' };

const withdrawText = `
  update smdp.profiles set state = 'unavailable', last_result = $2::jsonb where iccid = any($1)`;

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
      smds_address: item.delivery === 'smds' ? (defaultSmdsAddress(tx) ?? null) : null,
      policy_rules: item.profileType.metadata.policyRules ?? [],
      expires_at: item.expiresAt,
      state: item.ordered?.state ?? 'released',
      ...orderedColumns(item),
    },
    confirmationCode: item.confirmationCodeHash && tx.vault.seal(item.confirmationCodeHash, iccid),
    metadata: metadataOf(item),
    protectedPackage: blocks,
    protectionKeys: sealProtectionKeys(tx.vault, iccid, keys),
  };
}

/** What an SM-DS is to be told of a profile, if anything. */
function eventOf({
  iccid,
  eid,
  matching_id: eventId,
  smds_address: smdsAddress,
  smdp_address,
}: PushedRow): EventOfProfile[] {
  if (eid === null || eventId === null || smdsAddress === null) return [];
  return [{ iccid, eid, eventId, smdsAddress, rspServerAddress: smdp_address }];
}

type PushedRow = {
  iccid: string;
  eid: string | null;
  matching_id: string | null;
  smds_address: string | null;
  smdp_address: string;
};

/** What only profiles have that were ordered over ES2+. */
function orderedColumns({ ordered, profileType, eid }: ProfileToRelease) {
  if (!ordered) return {};
  return {
    requester_id: ordered.requesterId,
    es2_call: ordered.call,
    profile_type: profileType.name,
    ordered_eid: eid,
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
  const { serviceProviderName, profileName, profileClass, iconType, ownerMccMnc, policyRules } =
    profileType.metadata;
  return writeStoreMetadata({
    iccid: stock.iccid,
    serviceProviderName: names?.serviceProviderName ?? serviceProviderName,
    profileName: names?.profileName ?? profileName,
    profileClass,
    iconType,
    icon: profileType.icon ?? undefined,
    profileOwner: ownerMccMnc === undefined ? undefined : ownerOf({ ...profileType.metadata, ownerMccMnc }),
    profilePolicyRules: policyRules?.length ? policyRules : undefined,
    notificationConfigurationInfo: toldOf(profileType.metadata, smdpAddress),
  });
}

function ownerOf(of: ProfileMetadata & { ownerMccMnc: string }): OperatorId {
  const [gid1, gid2] = [of.ownerGid1, of.ownerGid2].map((hex) => hex && fromHex(hex));
  return { mccMnc: mccMncBytes(of.ownerMccMnc), ...(gid1 && { gid1 }), ...(gid2 && { gid2 }) };
}

/** Who the device tells of what is done with the profile: us, and whom the profile type names beside us. */
function toldOf(
  { notifications, notificationAddresses = [] }: ProfileMetadata,
  smdpAddress: string,
): NotificationConfiguration[] {
  const told = [{ address: smdpAddress, operations: notifications }, ...notificationAddresses];
  return told.map(({ address, operations }) => ({
    profileManagementOperation: operations ?? [...allNotifications],
    notificationAddress: address,
  }));
}

const allNotifications = ['install', 'enable', 'disable', 'delete'] as const;

const insertProfiles = `
  insert into smdp.profiles (iccid, account_id, profile_type_id, smdp_address, eid, matching_id, policy_rules,
    smds_address, expires_at, state, requester_id, es2_call, profile_type, ordered_eid,
    confirmation_code, metadata, protected_package, protection_keys, created_at)
  select p.*, $6::timestamptz
  from rows from (
    jsonb_to_recordset($1::jsonb) as (iccid text, account_id text, profile_type_id text, smdp_address text, eid text,
      matching_id text, policy_rules text[], smds_address text, expires_at timestamptz, state text, requester_id text, es2_call jsonb,
      profile_type text, ordered_eid text),
    unnest($2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[])
  ) as p`;
