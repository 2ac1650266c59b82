// A profile type: what kind of profile a SIM profile in stock becomes when it is delivered.
import type { Id } from '../../base/ids.ts';

export type ProfileType = {
  id: Id<'profileType'>;
  /** Who made it and may add stock to it; null for one of the whole installation. */
  accountId: string | null;
  /** As products and ES2+ callers name it. */
  name: string;
  /** An imported package (SAIP, DER); null when packages are built from the subscription alone. */
  package: Uint8Array | null;
  /** `none`: the imported package is delivered unchanged, its ICCID and keys being its own. */
  personalisation: 'full' | 'none';
  metadata: ProfileMetadata;
  icon: Uint8Array | null;
  /** The mobile core that serves its lines. */
  core: 'simulated' | 'osmo_hlr' | 'open5gs';
  /** Who makes its profiles; null for our own SM-DP+. One of a remote SM-DP+ has no stock here and no keys. */
  remote: RemoteType | null;
  createdAt: Date;
};

/** A type of profiles as a remote SM-DP+ knows it. */
export type RemoteType = {
  serverId: Id<'remoteSmdp'>;
  /** The server's name in the account that has it. */
  smdp: string;
  /** What it calls the type. */
  profileType: string;
};

/** What the device is told before it downloads (SGP.22 StoreMetadata). */
export type ProfileMetadata = {
  /** At most 32 bytes of UTF-8. */
  serviceProviderName: string;
  /** At most 64 bytes of UTF-8. */
  profileName: string;
  profileClass: 'test' | 'provisioning' | 'operational';
  iconType?: 'jpg' | 'png';
  /** Policy rules set in the profile: it may not be disabled (ppr1), not be deleted (ppr2). */
  policyRules?: ('ppr1' | 'ppr2')[];
  /** MCC and MNC of the owner as digits, for example `99970`. Needed when there are policy rules. */
  ownerMccMnc?: string;
  /** Group identifiers of the owner, up to 64 bytes in hex; only with `ownerMccMnc`. */
  ownerGid1?: string;
  ownerGid2?: string;
  /** Which local changes the device reports to us; all when left out. */
  notifications?: LocalChange[];
  /** Who else is told by the device, at most 8; each address (a host name) is told of `operations`, all when left out. */
  notificationAddresses?: { address: string; operations?: LocalChange[] }[];
};

/** What a person does with a profile on the device. */
export type LocalChange = 'install' | 'enable' | 'disable' | 'delete';

export type NewProfileType = Omit<
  ProfileType,
  'id' | 'accountId' | 'createdAt' | 'package' | 'icon' | 'core' | 'remote'
> & {
  /** `simulated` if left out. */
  core?: ProfileType['core'];
  package?: Uint8Array;
  icon?: Uint8Array;
  remote?: RemoteType;
};
