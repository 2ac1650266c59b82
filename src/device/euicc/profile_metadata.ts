// What StoreMetadata said about an installed profile.
import { fromBase64 } from '../../base/bytes.ts';
import type { PprId } from '../../rsp/asn1/named_flags.ts';
import {
  type ProfileClass,
  readStoreMetadata,
  type StoreMetadataRequest,
} from '../../rsp/asn1/store_metadata.ts';
import type { InstalledProfile } from '../card_state.ts';

export function metadataOf({ metadata }: Pick<InstalledProfile, 'metadata'>): StoreMetadataRequest {
  return readStoreMetadata(fromBase64(metadata));
}

/** A profile whose metadata name no class is operational (SGP.22 §4.4). */
export function classOf(profile: InstalledProfile): ProfileClass {
  return metadataOf(profile).profileClass ?? 'operational';
}

export function hasPolicyRule(profile: InstalledProfile, ppr: PprId): boolean {
  return metadataOf(profile).profilePolicyRules?.includes(ppr) ?? false;
}
