// A profile type: what kind of profile a SIM profile in stock becomes when it is delivered.
import type { Id } from '../../base/ids.ts';

export type ProfileType = {
  id: Id<'profileType'>;
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
  createdAt: Date;
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
  /** Which local changes the device reports to us; all when left out. */
  notifications?: ('install' | 'enable' | 'disable' | 'delete')[];
};

export type NewProfileType = Omit<ProfileType, 'id' | 'createdAt' | 'package' | 'icon' | 'core'> & {
  /** `simulated` if left out. */
  core?: ProfileType['core'];
  package?: Uint8Array;
  icon?: Uint8Array;
};
