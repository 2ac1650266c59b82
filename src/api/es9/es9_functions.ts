// The five ES9+ functions as data: their JSON members (SGP.22 §6.5.2) and the core function each one calls.
import { z } from 'zod';
import { AppError } from '../../base/app_error.ts';
import { fromBase64, toBase64 } from '../../base/bytes.ts';
import { limits } from '../../base/limits.ts';
import {
  authenticateClient,
  cancelSession,
  getBoundProfilePackage,
  handleNotification,
  initiateAuthentication,
  type SmdpCtx,
} from '../../modules/smdp/index.ts';
import { transactionIdFromHex, transactionIdToHex } from '../../rsp/asn1/transaction_id.ts';
import { RspError } from '../../rsp/rsp_error.ts';

export type Es9Function = {
  name: string;
  /** False for a function that is answered with 204 and nothing else, whatever came. */
  answers: boolean;
  /** Reads the JSON body and gives the members of the answer, header excluded. Throws RspError and AppError. */
  call: (ctx: SmdpCtx, body: unknown) => Promise<Record<string, string>>;
};

const text = z.string().max(limits.es9BodyBytesMax);
const address = z.string().max(255);

/** Made once: zod compiles a schema when it is first used. */
const bodies = {
  initiateAuthentication: z.object({ euiccChallenge: text, euiccInfo1: text, smdpAddress: address }),
  authenticateClient: z.object({ transactionId: text, authenticateServerResponse: text }),
  getBoundProfilePackage: z.object({ transactionId: text, prepareDownloadResponse: text }),
  handleNotification: z.object({ pendingNotification: text }),
  cancelSession: z.object({ transactionId: text, cancelSessionResponse: text }),
};

export const es9Functions: readonly Es9Function[] = [
  {
    name: 'initiateAuthentication',
    answers: true,
    async call(ctx, body) {
      const input = read(bodies.initiateAuthentication, body);
      const proof = await initiateAuthentication(ctx, {
        euiccChallenge: fromBase64(input.euiccChallenge),
        euiccInfo1: fromBase64(input.euiccInfo1),
        smdpAddress: input.smdpAddress,
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
      const input = read(bodies.authenticateClient, body);
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
      const input = read(bodies.getBoundProfilePackage, body);
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
      const input = read(bodies.handleNotification, body);
      await handleNotification(ctx, { pendingNotification: fromBase64(input.pendingNotification) });
      return {};
    },
  },
  {
    name: 'cancelSession',
    answers: true,
    async call(ctx, body) {
      const input = read(bodies.cancelSession, body);
      await cancelSession(ctx, {
        transactionId: readTransactionId(input.transactionId),
        cancelSessionResponse: fromBase64(input.cancelSessionResponse),
      });
      return {};
    },
  },
];

/** Members that the specification does not know are ignored: test clients send a `header` too. */
function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new RspError(
    'message_invalid',
    `${issue?.path.join('.') || 'The body'}: ${issue?.message ?? 'not valid'}`,
  );
}

/** Hex of any case. What is no transaction id is one that we do not know (8.10.1/3.9). */
function readTransactionId(hex: string): Uint8Array {
  try {
    return transactionIdFromHex(hex);
  } catch (error) {
    if (error instanceof AppError) throw new RspError('transaction_unknown', undefined, error);
    throw error;
  }
}
