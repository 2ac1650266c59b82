// ES8+ InitialiseSecureChannel (SGP.22 §5.5.1): checks that the package is bound to this session and derives its keys.
import { sameBytes, toHex } from '../../base/bytes.ts';
import { createBlockOpener } from '../../crypto/block_opener.ts';
import { certificateKey } from '../../crypto/certificate.ts';
import { verifyEcdsa } from '../../crypto/ecdsa.ts';
import { readTlvAt, readTlvHead } from '../../der/tlv.ts';
import {
  type InitialiseSecureChannelRequest,
  installBoundProfilePackage,
  readInitialiseSecureChannel,
} from '../../rsp/asn1/initialise_secure_channel.ts';
import { smdpSignBytes } from '../../rsp/es8/build_bound_profile_package.ts';
import { deriveSessionKeys, keyLenBytes, keyTypeAes } from '../../rsp/es8/derive_session_keys.ts';
import { bppCommandIds } from '../../rsp/es10/error_codes.ts';
import { BppError, readOrRefuse } from './bpp_error.ts';
import type { Euicc, Prepared } from './euicc.ts';
import { firstSequence } from './loading.ts';
import { forgetOneTimeKey } from './one_time_keys.ts';

/**
 * Reads BF36's tag and length and the whole BF23, and gives where they end. From here on there will be an installation
 * result, and the one-time key of the card cannot serve again. Throws `BppError`.
 */
export function initialiseSecureChannel(euicc: Euicc, session: Prepared, segment: Uint8Array): number {
  euicc.changed = true;
  euicc.state.loading = {
    transactionId: toHex(session.transactionId),
    smdpOid: session.server.oid,
    address: session.serverAddress,
    ciKeyId: session.credential.ciKeyId,
    bppCommandId: bppCommandIds.initialiseSecureChannel,
  };
  const head = readTlvHead(segment, 0);
  const element = readOrRefuse(() => readTlvAt(segment, head.valueAt));
  const request = readOrRefuse(() => readInitialiseSecureChannel(element));
  checkRequest(session, request);
  const keys = readOrRefuse(() =>
    deriveSessionKeys({
      otsk: session.oneTimeKey,
      otpk: request.smdpOtpk,
      hostId: request.controlRefTemplate.hostId,
      eid: euicc.state.eid,
    }),
  );
  forgetOneTimeKey(euicc, session.oneTimeKey);
  const loading = {
    bytesLeft: head.length - element.raw.length,
    sequence: undefined,
    sequenceBytesLeft: 0,
    next: firstSequence,
    opener: createBlockOpener(keys),
    opened: [],
    openedBytes: 0,
  };
  euicc.session = { ...session, state: 'loading', loading };
  return head.valueAt + element.raw.length;
}

function checkRequest(session: Prepared, request: InitialiseSecureChannelRequest): void {
  const { keyType, keyLen } = request.controlRefTemplate;
  if (request.remoteOpId !== installBoundProfilePackage) throw new BppError('unsupportedRemoteOperationType');
  if (!sameBytes(request.transactionId, session.transactionId)) throw new BppError('invalidTransactionId');
  if (keyType !== keyTypeAes || keyLen !== keyLenBytes) throw new BppError('unsupportedCrtValues');
  const signed = smdpSignBytes(request.signedFields, session.oneTimeKey.publicKey);
  if (!verifyEcdsa(certificateKey(session.smdp.certificate), signed, request.smdpSign))
    throw new BppError('invalidSignature');
}
