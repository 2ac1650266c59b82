// The two ES11 functions as data: the core function of each, its JSON members (SGP.22 §6.5.2) and its ASN.1 form (§6.6).
import { z } from 'zod';
import { fromBase64, toBase64 } from '../../base/bytes.ts';
import { authenticateClient, initiateAuthentication, type SmdsCtx } from '../../modules/smds/index.ts';
import { readAuthenticateClientRequest } from '../../rsp/asn1/authenticate_client.ts';
import { writeAuthenticateClientOkEs11 } from '../../rsp/asn1/es11_authenticate_client.ts';
import {
  readInitiateAuthenticationRequest,
  writeInitiateAuthenticationOk,
} from '../../rsp/asn1/initiate_authentication.ts';
import { provisioningTags } from '../../rsp/asn1/remote_profile_provisioning.ts';
import { transactionIdToHex } from '../../rsp/asn1/transaction_id.ts';
import { asn1Form } from '../rsp/asn1_form.ts';
import {
  addressMember,
  type RspFunction,
  readMembers,
  readTransactionId,
  textMember,
} from '../rsp/rsp_function.ts';

/** LPAs that speak ES9+ and ES11 alike call the address `smdpAddress` here too. */
const initiateBody = z
  .object({
    euiccChallenge: textMember,
    euiccInfo1: textMember,
    smdpAddress: addressMember.optional(),
    smdsAddress: addressMember.optional(),
  })
  .refine(({ smdpAddress, smdsAddress }) => (smdsAddress ?? smdpAddress) !== undefined, {
    path: ['smdsAddress'],
    message: 'required',
  });

const authenticateBody = z.object({ transactionId: textMember, authenticateServerResponse: textMember });

export const es11Functions: readonly RspFunction<SmdsCtx>[] = [
  {
    name: 'initiateAuthentication',
    answers: true,
    async call(ctx, body) {
      const input = readMembers(initiateBody, body);
      const proof = await initiateAuthentication(ctx, {
        euiccChallenge: fromBase64(input.euiccChallenge),
        euiccInfo1: fromBase64(input.euiccInfo1),
        serverAddress: input.smdsAddress ?? input.smdpAddress ?? '',
      });
      return {
        transactionId: transactionIdToHex(proof.transactionId),
        serverSigned1: toBase64(proof.serverSigned1),
        serverSignature1: toBase64(proof.serverSignature1),
        euiccCiPKIdToBeUsed: toBase64(proof.euiccCiPKIdToBeUsed),
        serverCertificate: toBase64(proof.serverCertificate),
      };
    },
    asn1: asn1Form({
      tag: provisioningTags.initiateAuthentication,
      errors: 'initiateAuthentication',
      read: readInitiateAuthenticationRequest,
      call: initiateAuthentication,
      write: writeInitiateAuthenticationOk,
    }),
  },
  {
    name: 'authenticateClient',
    answers: true,
    async call(ctx, body) {
      const input = readMembers(authenticateBody, body);
      const { transactionId, eventEntries } = await authenticateClient(ctx, {
        transactionId: readTransactionId(input.transactionId),
        authenticateServerResponse: fromBase64(input.authenticateServerResponse),
      });
      return { transactionId: transactionIdToHex(transactionId), eventEntries };
    },
    asn1: asn1Form({
      tag: provisioningTags.authenticateClient,
      answerTag: provisioningTags.es11AuthenticateClient,
      errors: 'es11AuthenticateClient',
      read: readAuthenticateClientRequest,
      call: authenticateClient,
      write: writeAuthenticateClientOkEs11,
    }),
  },
];
