// The five ES9+ functions as data: the core function of each, its JSON members (SGP.22 §6.5.2) and its ASN.1 form (§6.6).
// Test clients send a `header` too, which is ignored.
import { z } from 'zod';
import { fromBase64, toBase64 } from '../../base/bytes.ts';
import {
  authenticateClient,
  cancelSession,
  getBoundProfilePackage,
  handleNotification,
  initiateAuthentication,
  type SmdpCtx,
} from '../../modules/smdp/index.ts';
import {
  readAuthenticateClientRequest,
  writeAuthenticateClientOk,
} from '../../rsp/asn1/authenticate_client.ts';
import { readCancelSessionRequestEs9, writeCancelSessionOk } from '../../rsp/asn1/cancel_session_es9.ts';
import {
  readGetBoundProfilePackageRequest,
  writeGetBoundProfilePackageOk,
} from '../../rsp/asn1/get_bound_profile_package.ts';
import { readHandleNotification } from '../../rsp/asn1/handle_notification.ts';
import {
  readInitiateAuthenticationRequest,
  writeInitiateAuthenticationOk,
} from '../../rsp/asn1/initiate_authentication.ts';
import { provisioningTags } from '../../rsp/asn1/remote_profile_provisioning.ts';
import { transactionIdToHex } from '../../rsp/asn1/transaction_id.ts';
import {
  addressMember,
  type RspFunction,
  readMembers,
  readTransactionId,
  textMember,
} from '../rsp/rsp_function.ts';
import { es9Function } from './es9_function.ts';

/** Made once: zod compiles a schema when it is first used. */
const bodies = {
  initiateAuthentication: z.object({
    euiccChallenge: textMember,
    euiccInfo1: textMember,
    smdpAddress: addressMember,
  }),
  authenticateClient: z.object({ transactionId: textMember, authenticateServerResponse: textMember }),
  getBoundProfilePackage: z.object({ transactionId: textMember, prepareDownloadResponse: textMember }),
  handleNotification: z.object({ pendingNotification: textMember }),
  cancelSession: z.object({ transactionId: textMember, cancelSessionResponse: textMember }),
};

export const es9Functions: readonly RspFunction<SmdpCtx>[] = [
  es9Function({
    name: 'initiateAuthentication',
    core: initiateAuthentication,
    json: {
      read(body) {
        const { euiccChallenge, euiccInfo1, smdpAddress } = readMembers(bodies.initiateAuthentication, body);
        return {
          euiccChallenge: fromBase64(euiccChallenge),
          euiccInfo1: fromBase64(euiccInfo1),
          serverAddress: smdpAddress,
        };
      },
      write: (proof) => ({
        transactionId: transactionIdToHex(proof.transactionId),
        serverSigned1: toBase64(proof.serverSigned1),
        serverSignature1: toBase64(proof.serverSignature1),
        euiccCiPKIdToBeUsed: toBase64(proof.euiccCiPKIdToBeUsed),
        serverCertificate: toBase64(proof.serverCertificate),
      }),
    },
    asn1: {
      tag: provisioningTags.initiateAuthentication,
      read: readInitiateAuthenticationRequest,
      write: writeInitiateAuthenticationOk,
    },
  }),
  es9Function({
    name: 'authenticateClient',
    core: authenticateClient,
    json: {
      read(body) {
        const { transactionId, authenticateServerResponse } = readMembers(bodies.authenticateClient, body);
        return {
          transactionId: readTransactionId(transactionId),
          authenticateServerResponse: fromBase64(authenticateServerResponse),
        };
      },
      write: (offer) => ({
        transactionId: transactionIdToHex(offer.transactionId),
        profileMetadata: toBase64(offer.profileMetadata),
        smdpSigned2: toBase64(offer.smdpSigned2),
        smdpSignature2: toBase64(offer.smdpSignature2),
        smdpCertificate: toBase64(offer.smdpCertificate),
      }),
    },
    asn1: {
      tag: provisioningTags.authenticateClient,
      read: readAuthenticateClientRequest,
      write: writeAuthenticateClientOk,
    },
  }),
  es9Function({
    name: 'getBoundProfilePackage',
    core: getBoundProfilePackage,
    json: {
      read(body) {
        const { transactionId, prepareDownloadResponse } = readMembers(bodies.getBoundProfilePackage, body);
        return {
          transactionId: readTransactionId(transactionId),
          prepareDownloadResponse: fromBase64(prepareDownloadResponse),
        };
      },
      write: ({ transactionId, boundProfilePackage }) => ({
        transactionId: transactionIdToHex(transactionId),
        boundProfilePackage: toBase64(boundProfilePackage),
      }),
    },
    asn1: {
      tag: provisioningTags.getBoundProfilePackage,
      read: readGetBoundProfilePackageRequest,
      write: writeGetBoundProfilePackageOk,
    },
  }),
  es9Function({
    name: 'handleNotification',
    answers: false,
    core: handleNotification,
    json: {
      read: (body) => ({
        pendingNotification: fromBase64(readMembers(bodies.handleNotification, body).pendingNotification),
      }),
      write: () => ({}),
    },
    asn1: {
      tag: provisioningTags.handleNotification,
      read: readHandleNotification,
      write: () => new Uint8Array(0),
    },
  }),
  es9Function({
    name: 'cancelSession',
    core: cancelSession,
    json: {
      read(body) {
        const { transactionId, cancelSessionResponse } = readMembers(bodies.cancelSession, body);
        return {
          transactionId: readTransactionId(transactionId),
          cancelSessionResponse: fromBase64(cancelSessionResponse),
        };
      },
      write: () => ({}),
    },
    asn1: {
      tag: provisioningTags.cancelSession,
      read: readCancelSessionRequestEs9,
      write: writeCancelSessionOk,
    },
  }),
];
