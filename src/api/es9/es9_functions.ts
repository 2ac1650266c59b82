// The five ES9+ functions as data: their JSON members (SGP.22 §6.5.2) and the core function each one calls. Test clients
// send a `header` too, which is ignored.
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
import { transactionIdToHex } from '../../rsp/asn1/transaction_id.ts';
import {
  addressMember,
  type RspFunction,
  readMembers,
  readTransactionId,
  textMember,
} from '../rsp/rsp_function.ts';

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
  {
    name: 'initiateAuthentication',
    answers: true,
    async call(ctx, body) {
      const input = readMembers(bodies.initiateAuthentication, body);
      const proof = await initiateAuthentication(ctx, {
        euiccChallenge: fromBase64(input.euiccChallenge),
        euiccInfo1: fromBase64(input.euiccInfo1),
        serverAddress: input.smdpAddress,
      });
      return {
        transactionId: transactionIdToHex(proof.transactionId),
        serverSigned1: toBase64(proof.serverSigned1),
        serverSignature1: toBase64(proof.serverSignature1),
        euiccCiPKIdToBeUsed: toBase64(proof.euiccCiPKIdToBeUsed),
        serverCertificate: toBase64(proof.serverCertificate),
      };
    },
  },
  {
    name: 'authenticateClient',
    answers: true,
    async call(ctx, body) {
      const input = readMembers(bodies.authenticateClient, body);
      const offer = await authenticateClient(ctx, {
        transactionId: readTransactionId(input.transactionId),
        authenticateServerResponse: fromBase64(input.authenticateServerResponse),
      });
      return {
        transactionId: transactionIdToHex(offer.transactionId),
        profileMetadata: toBase64(offer.profileMetadata),
        smdpSigned2: toBase64(offer.smdpSigned2),
        smdpSignature2: toBase64(offer.smdpSignature2),
        smdpCertificate: toBase64(offer.smdpCertificate),
      };
    },
  },
  {
    name: 'getBoundProfilePackage',
    answers: true,
    async call(ctx, body) {
      const input = readMembers(bodies.getBoundProfilePackage, body);
      const { transactionId, boundProfilePackage } = await getBoundProfilePackage(ctx, {
        transactionId: readTransactionId(input.transactionId),
        prepareDownloadResponse: fromBase64(input.prepareDownloadResponse),
      });
      return {
        transactionId: transactionIdToHex(transactionId),
        boundProfilePackage: toBase64(boundProfilePackage),
      };
    },
  },
  {
    name: 'handleNotification',
    answers: false,
    async call(ctx, body) {
      const input = readMembers(bodies.handleNotification, body);
      await handleNotification(ctx, { pendingNotification: fromBase64(input.pendingNotification) });
      return {};
    },
  },
  {
    name: 'cancelSession',
    answers: true,
    async call(ctx, body) {
      const input = readMembers(bodies.cancelSession, body);
      await cancelSession(ctx, {
        transactionId: readTransactionId(input.transactionId),
        cancelSessionResponse: fromBase64(input.cancelSessionResponse),
      });
      return {};
    },
  },
];
