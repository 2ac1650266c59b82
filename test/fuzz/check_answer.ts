// Whether an answer is one that the specification knows: what is not is a fault, said in words.
import { z } from 'zod';
import { limits } from '../../src/base/limits.ts';
import type { Tlv } from '../../src/der/tlv.ts';
import {
  provisioningTags,
  readProvisioningMessage,
  readProvisioningResponse,
} from '../../src/rsp/asn1/remote_profile_provisioning.ts';
import { rspErrorCodes } from '../../src/rsp/rsp_error.ts';
import type { Es9Name } from './es9_requests.ts';
import type { FuzzRequest } from './fuzz_request.ts';

export type FuzzAnswer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
};

/** `code`: `ok`, the code pair or error integer of a refusal, or the HTTP status; of a success what it gave. */
export type CheckedAnswer = { code: string; fault?: string; members?: Record<string, string>; ok?: Tlv };

export function checkEs9Answer(request: FuzzRequest, answer: FuzzAnswer): CheckedAnswer {
  const { status } = answer;
  const code = String(status);
  if (status >= 500) return { code, fault: `HTTP status ${status}` };
  if (request.functionName === 'handleNotification' && status === 204)
    return answer.body.length > 0 ? { code, fault: 'a body where there is none' } : { code };
  if (status === 400 && request.binding === 'asn1' && request.how === 'damaged body') return { code };
  if (status === 415 && request.how === 'headers') return { code };
  if (status === 413 && isTooLong(request)) return { code };
  if (status !== 200) return { code, fault: `HTTP status ${status}` };
  if (request.functionName === 'handleNotification') {
    // Damage may have made it another function in the ASN.1 binding, where the message says which it is.
    if (request.binding === 'json') return { code, fault: 'an answer to a notification' };
  }
  if (answer.headers['x-admin-protocol'] !== 'gsma/rsp/v2.2.0') return { code, fault: 'X-Admin-Protocol' };
  return request.binding === 'json'
    ? checkJsonAnswer(answer, successes[request.functionName as keyof typeof successes])
    : checkAsn1(request, answer);
}

const refusals = new Set(
  Object.values(rspErrorCodes).map(({ subjectCode, reasonCode }) => `${subjectCode}/${reasonCode}`),
);

const base64 = z.base64().min(4);
const hex = z.string().regex(/^([0-9A-F]{2}){1,16}$/);
export const headerMember = z.strictObject({
  functionExecutionStatus: z.discriminatedUnion('status', [
    z.strictObject({ status: z.literal('Executed-Success') }),
    z.strictObject({
      status: z.literal('Failed'),
      statusCodeData: z.strictObject({
        subjectCode: z.string().regex(/^\d+(\.\d+)*$/),
        reasonCode: z.string().regex(/^\d+(\.\d+)*$/),
        subjectIdentifier: z.string().exactOptional(),
        message: z.string().max(1_000).exactOptional(),
      }),
    }),
  ]),
});
const refused = z.strictObject({ header: headerMember });
const successes = {
  initiateAuthentication: z.strictObject({
    header: headerMember,
    transactionId: hex,
    serverSigned1: base64,
    serverSignature1: base64,
    euiccCiPKIdToBeUsed: base64,
    serverCertificate: base64,
  }),
  authenticateClient: z.strictObject({
    header: headerMember,
    transactionId: hex,
    profileMetadata: base64,
    smdpSigned2: base64,
    smdpSignature2: base64,
    smdpCertificate: base64,
  }),
  getBoundProfilePackage: z.strictObject({
    header: headerMember,
    transactionId: hex,
    boundProfilePackage: base64,
  }),
  cancelSession: refused,
} as const;

/** A refusal with a code that exists and nothing besides, or a success of this form. */
export function checkJsonAnswer({ headers, body }: FuzzAnswer, success: z.ZodType): CheckedAnswer {
  const type = headers['content-type'];
  if (type !== 'application/json') return { code: '200', fault: `content-type ${type}` };
  const json = parse(body);
  const execution = refused.safeParse(json).data?.header.functionExecutionStatus;
  if (execution?.status === 'Failed') {
    const { subjectCode, reasonCode } = execution.statusCodeData;
    const code = `${subjectCode}/${reasonCode}`;
    return refusals.has(code) ? { code } : { code, fault: 'a code that does not exist' };
  }
  const asSuccess = success.safeParse(json);
  if (!asSuccess.success) return { code: '200', fault: asSuccess.error.message };
  return { code: 'ok', members: json as Record<string, string> };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/** The function is the one that was asked for, unless damage made it another one. */
function checkAsn1({ functionName, how }: FuzzRequest, { headers, body }: FuzzAnswer): CheckedAnswer {
  if (headers['content-type'] !== 'application/x-gsma-rsp-asn1')
    return { code: '200', fault: `content-type ${headers['content-type']}` };
  try {
    const message = readProvisioningMessage(body);
    const tag = how === 'damaged body' ? message.tag : provisioningTags[functionName as Es9Name];
    const response = readProvisioningResponse(message, tag);
    if ('errorCode' in response) return { code: `asn1 ${response.errorCode}` };
    return { code: 'asn1 ok', ok: response.ok };
  } catch (error) {
    return { code: '200', fault: `${error}: ${body.toString('hex').slice(0, 100)}` };
  }
}

/** What a server may answer with 413, or by hanging up. */
export function isTooLong({ body }: FuzzRequest): boolean {
  return Buffer.byteLength(body) > limits.es9BodyBytesMax;
}
