// Function requesters between the wire and the core.
import type { z } from 'zod';
import { describeCertificates, type FunctionRequester, type PutRequester } from '../../modules/smdp/index.ts';
import type { functionRequester, putFunctionRequesterBody } from './function_requesters_schemas.ts';

export function readPutRequester(
  accountId: string,
  identifier: string,
  body: z.output<typeof putFunctionRequesterBody>,
): PutRequester {
  return { ...body, accountId, identifier };
}

export function writeRequester(from: FunctionRequester): z.output<typeof functionRequester> {
  return {
    id: from.id,
    identifier: from.identifier,
    certificates: from.certificates.flatMap(writeCertificates),
    ca: writeCertificates(from.ca),
    subjectCommonName: from.subjectCommonName,
    progressUrl: from.progressUrl,
    progressCa: writeCertificates(from.progressCa),
    tellsChanges: from.tellsChanges,
    createdAt: from.createdAt.toISOString(),
    updatedAt: from.updatedAt.toISOString(),
  };
}

function writeCertificates(pem: string | null) {
  if (pem === null) return [];
  return describeCertificates(pem).map((each) => ({ ...each, notAfter: each.notAfter.toISOString() }));
}
