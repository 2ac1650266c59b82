// A profile was enabled, disabled, deleted or installed on an eUICC: verified by the certificates that come along.
import { certificateKey } from '../../../crypto/certificate.ts';
import { verifyEcdsa } from '../../../crypto/ecdsa.ts';
import type { OtherSignedNotification } from '../../../rsp/asn1/other_signed_notification.ts';
import { checkCertificateChain, type TrustedEuicc } from '../../../rsp/check_certificate_chain.ts';
import { RspError } from '../../../rsp/rsp_error.ts';
import type { EventType } from '../../events/index.ts';
import type { ProfileMove, ProfileState } from '../profiles/profile.ts';
import type { MovedProfile } from '../profiles/profiles_sql.ts';
import { recordMove } from '../profiles/record_move.ts';
import type { SmdpCtx } from '../smdp.ts';
import { writeSmdp } from '../write_smdp.ts';
import { notificationHash } from './notification_hash.ts';
import { insertNotification, type ProfileOperation } from './notifications_sql.ts';

/** What an eUICC reports of a profile that it holds: the state that follows, and from which states it may come. */
const moves: Record<ProfileOperation, { to: ProfileState; from: readonly ProfileState[] }> = {
  install: { to: 'installed', from: ['released', 'downloaded'] },
  // A profile that is enabled or disabled has been installed, even if that notification was lost.
  enable: { to: 'installed', from: ['released', 'downloaded', 'installed'] },
  disable: { to: 'installed', from: ['released', 'downloaded', 'installed'] },
  delete: { to: 'deleted', from: ['released', 'downloaded', 'installed'] },
};

/**
 * Takes the notification once, if this eUICC holds this profile and no later one was taken before. Throws RspError when
 * it is not proven to come from the eUICC that it names.
 */
export async function noteOtherNotification(
  ctx: SmdpCtx,
  notification: OtherSignedNotification,
): Promise<void> {
  const { eid } = checkSender(ctx, notification);
  const { tbsOtherNotification: metadata, raw } = notification;
  const { iccid, seqNumber, profileManagementOperation: operation } = metadata;
  if (iccid === undefined) throw new RspError('iccid_unknown');
  await writeSmdp(ctx, async (tx) => {
    const moved = await insertNotification(tx.db, {
      iccid,
      eid,
      seqNumber,
      operation,
      contentHash: notificationHash(metadata, raw),
      inOrder: operation !== 'install',
      now: ctx.now,
      ...moves[operation],
    });
    if (!moved) return ctx.log.debug({ iccid, eid, operation, seqNumber }, 'a notification changed nothing');
    for (const { move, type } of movesOf(operation, moved))
      recordMove(tx, moved, { iccid, eid, at: ctx.now, ...move }, type, {
        requesterId: moved.requester_id,
        resultData: raw,
      });
  });
}

/** Chain, roles, dates, the EID's range, and the signature over BF2F as received. */
function checkSender({ smdp, now }: SmdpCtx, notification: OtherSignedNotification): TrustedEuicc {
  const { euiccCertificate, eumCertificate, tbsOtherNotification, euiccNotificationSignature } = notification;
  const { trust } = smdp;
  const sender = checkCertificateChain({ euiccCertificate, eumCertificate, trust, now });
  if (!verifyEcdsa(certificateKey(sender.euicc), tbsOtherNotification.raw, euiccNotificationSignature))
    throw new RspError('euicc_signature_invalid');
  return sender;
}

type Step = { move: Pick<ProfileMove, 'from' | 'to' | 'enabled'>; type: EventType };

/** The steps that lead to what was reported: installation first, where it was not known yet. */
function movesOf(operation: ProfileOperation, { from }: MovedProfile): Step[] {
  if (operation === 'delete') return [{ move: { from, to: 'deleted' }, type: 'profile.deleted' }];
  const steps: Step[] = [];
  if (from !== 'installed') steps.push({ move: { from, to: 'installed' }, type: 'profile.installed' });
  if (operation === 'install') return steps;
  const enabled = operation === 'enable';
  const type = enabled ? 'profile.enabled' : 'profile.disabled';
  return [...steps, { move: { from: 'installed', to: 'installed', enabled }, type }];
}
