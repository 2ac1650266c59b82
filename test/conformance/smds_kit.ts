// The SM-DS of a kit as LPAs and other servers see it: the kit's ES11 port, and its port of mutual TLS.
import { present } from '../../src/base/assert.ts';
import { readCertificate } from '../../src/crypto/certificate.ts';
import { type CertificateRequest, makeCertificate } from '../../src/crypto/make_certificate.ts';
import { generateSigningKey, type SigningKey, writeSigningKey } from '../../src/crypto/signing_key.ts';
import { writeCertificatePem } from '../../src/rsp/pki/pem_identity.ts';
import { type ServerRole, serverRequest } from '../../src/rsp/pki/server_requests.ts';
import type { Kit } from './kit.ts';
import type { RspCaller, RspCallerOptions } from './rsp_caller.ts';

/** The kit with ES11 where ES9+ is otherwise: the same calls reach the SM-DS. */
export function atSmds(kit: Kit): Kit {
  const smdpAddress = present(kit.server.smdsAddress, 'an SM-DS');
  const port = Number(smdpAddress.split(':')[1]);
  return {
    ...kit,
    server: { ...kit.server, smdpAddress },
    es9: kit.caller({ port, serverName: 'localhost' }),
  };
}

export type Es12Caller = {
  /** The codes of the answer, `-` for a success, or `HTTP 403`. */
  call(path: string, members: object | string): Promise<string>;
};

/** ES12 and ES15 with this client certificate; without one when it is left out. */
export function es12Caller(kit: Kit, identity?: RspCallerOptions['identity']): Es12Caller {
  const port = Number(new URL(kit.server.es2Url).port);
  const caller = kit.caller({ port, serverName: 'localhost', ...(identity && { identity }) });
  return { call: (path, members) => callEs12(caller, path, members) };
}

async function callEs12(caller: RspCaller, path: string, members: object | string): Promise<string> {
  const payload = typeof members === 'string' ? members : JSON.stringify(members);
  const headers = { 'content-type': 'application/json', 'x-admin-protocol': 'gsma/rsp/v2.2.0' };
  const answer = await caller.post(`/gsma/rsp2/${path}`, payload, headers);
  if (answer.status !== 200) return `HTTP ${answer.status}`;
  const { header, ...more } = JSON.parse(answer.body.toString());
  const { status, statusCodeData } = header.functionExecutionStatus;
  if (Object.keys(more).length > 0) return `unexpected members ${Object.keys(more)}`;
  return status === 'Executed-Success' ? '-' : `${statusCodeData.subjectCode}/${statusCodeData.reasonCode}`;
}

/** A TLS client certificate of the kit's CI for a server of this role, changed where `changes` says so. */
export function registrant(
  kit: Kit,
  role: ServerRole,
  oid: string,
  changes: Partial<CertificateRequest> & { ciKey?: SigningKey } = {},
): NonNullable<RspCallerOptions['identity']> {
  const ci = readCertificate(kit.file('CertificateIssuer/CERT'));
  const key = generateSigningKey(ci.curve);
  const { ciKey = kit.key('CertificateIssuer/SK'), ...more } = changes;
  const certificate = makeCertificate({
    ...serverRequest(role, 'localhost', oid),
    key,
    issuer: { name: ci.subject, key: ciKey, keyId: ci.subjectKeyId },
    notBefore: new Date('2026-01-01'),
    notAfter: new Date('2040-01-01'),
    ...more,
  });
  return { certificate: writeCertificatePem(certificate), privateKey: writeSigningKey(key) };
}
