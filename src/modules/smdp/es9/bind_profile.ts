// Binds a profile to the one-time key of an eUICC: the same key again gets the same binding (SGP.22 §3.1.3, retry).
import { sameBytes } from '../../../base/bytes.ts';
import type { Curve } from '../../../crypto/curve.ts';
import {
  generateOneTimeKey,
  type OneTimeKey,
  readOneTimeKey,
  writeOneTimeKey,
} from '../../../crypto/one_time_key.ts';
import { buildBoundProfilePackage, smdpSignInput } from '../../../rsp/es8/build_bound_profile_package.ts';
import { identityOf } from '../certificates/smdp_servers.ts';
import type { ProfilePackageRow } from '../profiles/profile.ts';
import { openProtectionKeys } from '../profiles/protection_keys.ts';
import type { SmdpCtx } from '../smdp.ts';
import type { OpenSession } from './session.ts';

/** `bindingKey` is our one-time private key, sealed for this ICCID: what makes the same binding again. */
export type Binding = { boundProfilePackage: Uint8Array; bindingKey: Uint8Array };

/** Throws `malformed_der` when `euiccOtpk` is not a point of the curve of CERT.DPpb. */
export async function bindProfile(
  ctx: SmdpCtx,
  session: OpenSession,
  profile: ProfilePackageRow,
  euiccOtpk: Uint8Array,
): Promise<Binding> {
  const { dpPb, curve } = identityOf(ctx.smdp, session.serverCiKeyId, session.serverAddress);
  const earlier = earlierBindingKey(profile, session.eid, euiccOtpk);
  const otsk = earlier ? openKey(ctx, profile.iccid, curve, earlier) : generateOneTimeKey(curve);
  const binding = {
    transactionId: session.transactionId,
    hostId: ctx.smdp.hostId,
    otsk,
    euiccOtpk,
    eid: session.eid,
    metadata: profile.metadata,
    profile: {
      blocks: profile.protected_package,
      keys: openProtectionKeys(ctx.vault, profile.iccid, profile.protection_keys),
    },
  };
  const smdpSign = await dpPb.signer.sign(smdpSignInput(binding));
  const boundProfilePackage = buildBoundProfilePackage({ ...binding, smdpSign });
  return { boundProfilePackage, bindingKey: earlier ?? ctx.vault.seal(writeOneTimeKey(otsk), profile.iccid) };
}

/** The sealed key of the last binding, if that was for this eUICC and this one-time key of it. */
function earlierBindingKey(
  profile: ProfilePackageRow,
  eid: string,
  euiccOtpk: Uint8Array,
): Uint8Array | undefined {
  const { binding_key, euicc_otpk, eid: boundTo } = profile;
  const same = binding_key && euicc_otpk && boundTo === eid && sameBytes(euicc_otpk, euiccOtpk);
  return same ? binding_key : undefined;
}

function openKey(ctx: SmdpCtx, iccid: string, curve: Curve, sealed: Uint8Array): OneTimeKey {
  return readOneTimeKey(curve, ctx.vault.open(sealed, iccid));
}
