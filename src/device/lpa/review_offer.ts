// What the LPA decides before it asks for a profile: policy rules against the table of the card, and the user's consent.
import type { PprId } from '../../rsp/asn1/named_flags.ts';
import type { StoreMetadataRequest } from '../../rsp/asn1/store_metadata.ts';
import { DeviceError } from '../device_error.ts';
import { findRatRow } from '../euicc/find_forbidden_ppr.ts';
import type { ProfileOffer } from './authenticate_client.ts';
import { getRat } from './es10_client.ts';
import type { Lpa } from './lpa.ts';

/** What a user is asked about. */
export type ConsentQuestion = {
  iccid: string;
  serviceProviderName: string;
  profileName: string;
  /** Rules that will bind the user: `ppr1` it cannot be disabled, `ppr2` it cannot be deleted. */
  policyRules: readonly PprId[];
  confirmationCodeRequired: boolean;
};

export type AskConsent = (question: ConsentQuestion) => boolean | Promise<boolean>;

/** Throws `DeviceError` (`cancelled`) with the reason to cancel the session with (SGP.22 §3.1.3.1, §2.9.2). */
export async function reviewOffer(
  lpa: Lpa,
  offer: ProfileOffer,
  askConsent: AskConsent = () => true,
): Promise<void> {
  const { metadata, smdpSigned2 } = offer;
  const { profilePolicyRules: policyRules = [] } = metadata;
  if (policyRules.length > 0) checkPolicyRules(lpa, metadata, policyRules);
  const { iccid, serviceProviderName, profileName } = metadata;
  const confirmationCodeRequired = smdpSigned2.ccRequiredFlag;
  const agreed = await askConsent({
    iccid,
    serviceProviderName,
    profileName,
    policyRules,
    confirmationCodeRequired,
  });
  if (!agreed)
    throw new DeviceError('cancelled', 'The user did not want the profile.', {
      cancelReason: 'endUserRejection',
    });
}

function checkPolicyRules(
  { card }: Lpa,
  { profileOwner }: StoreMetadataRequest,
  rules: readonly PprId[],
): void {
  const rat = getRat(card);
  const forbidden = rules.find((rule) => !profileOwner || !findRatRow(rat, rule, profileOwner));
  if (forbidden)
    throw new DeviceError(
      'cancelled',
      `The eUICC does not allow a profile of this operator to have ${forbidden}.`,
      {
        cancelReason: 'pprNotAllowed',
      },
    );
}
