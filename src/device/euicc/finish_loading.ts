// Ends a download that got as far as InitialiseSecureChannel: one signed result, whatever happened (SGP.22 §2.5.6).

import { assert } from '../../base/assert.ts';
import { fromHex, toBase64 } from '../../base/bytes.ts';
import { signEcdsa } from '../../crypto/ecdsa.ts';
import {
  type FinalResult,
  writeProfileInstallationResult,
  writeProfileInstallationResultData,
} from '../../rsp/asn1/profile_installation_result.ts';
import { bppErrorReasons } from '../../rsp/es10/error_codes.ts';
import type { Euicc } from './euicc.ts';
import { credentialOf, nextSeqNumber, storeNotification, writeMetadata } from './notifications.ts';

/** Keeps the ProfileInstallationResult (BF37) as a notification and gives its bytes; the session is over. */
export function finishLoading(euicc: Euicc, finalResult: FinalResult): Uint8Array {
  const { loading } = euicc.state;
  assert(loading, 'a profile is being loaded');
  const entry = {
    seqNumber: nextSeqNumber(euicc),
    operation: 'install' as const,
    address: loading.address,
    ...(loading.iccid === undefined ? {} : { iccid: loading.iccid }),
  };
  const resultData = writeProfileInstallationResultData({
    transactionId: fromHex(loading.transactionId),
    notificationMetadata: writeMetadata(entry),
    smdpOid: loading.smdpOid,
    finalResult,
  });
  const { privateKey } = credentialOf(euicc, loading.ciKeyId);
  const pending = writeProfileInstallationResult(resultData, signEcdsa(privateKey, resultData));
  storeNotification(euicc, { ...entry, pending: toBase64(pending) });
  delete euicc.state.loading;
  euicc.session = { state: 'idle' };
  euicc.changed = true;
  return pending;
}

/** A download that something else cut short, a loss of power included, is reported as interrupted. */
export function interruptLoading(euicc: Euicc): void {
  const { loading } = euicc.state;
  if (!loading) return;
  finishLoading(euicc, {
    errorResult: { bppCommandId: loading.bppCommandId, errorReason: bppErrorReasons.interruption },
  });
}
