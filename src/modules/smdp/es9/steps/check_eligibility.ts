// Whether an eUICC can take a profile (SGP.22 §5.6.3, eligibility check): policy rules, package version, memory.
import type { EuiccInfo2 } from '../../../../rsp/asn1/euicc_info2.ts';
import { readExtCardResource } from '../../../../rsp/asn1/ext_card_resource.ts';
import { RspError } from '../../../../rsp/rsp_error.ts';
import { compareVersions } from '../../../../rsp/version.ts';
import type { ProfileRow } from '../../profiles/profile.ts';

/** Throws RspError: 8.2.5/4.3 when the eUICC cannot hold such a profile, 8.1/4.8 when it has no room for it. */
export function checkEligibility(profile: ProfileRow, euiccInfo2: EuiccInfo2): void {
  const forbidden = euiccInfo2.forbiddenProfilePolicyRules.find((rule) =>
    profile.policy_rules.includes(rule),
  );
  if (forbidden) throw new RspError('profile_not_eligible', `the eUICC forbids ${forbidden}`);
  if (compareVersions(euiccInfo2.profileVersion, profile.profile_version_min) < 0)
    throw new RspError(
      'profile_not_eligible',
      `the profile needs profile version ${profile.profile_version_min}`,
    );
  if (freeBytes(euiccInfo2) < profile.package_bytes) throw new RspError('euicc_memory_insufficient');
}

/** The free memory of the eUICC; without limit when what it says cannot be read: cards in the field send their own forms. */
function freeBytes({ extCardResource }: EuiccInfo2): number {
  try {
    return readExtCardResource(extCardResource).freeNonVolatileBytes;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
