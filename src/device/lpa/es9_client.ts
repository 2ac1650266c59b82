// ES9+ and ES11 over HTTPS as an LPA speaks it (SGP.22 §6.5): trusts only the certificate issuers it is given, bounds size and time.
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { readCertificate } from '../../crypto/certificate.ts';
import { type CertificateRole, roleOf } from '../../rsp/certificate_roles.ts';
import { DeviceError, refusedByServer } from '../device_error.ts';
import { isIpAddress, readServerAddress, type ServerAddress } from './server_address.ts';

export type Es9Function =
  | 'initiateAuthentication'
  | 'authenticateClient'
  | 'getBoundProfilePackage'
  | 'handleNotification'
  | 'cancelSession';

export type Es9Body = Readonly<Record<string, unknown>>;

/** `smdp`, or `smds` for ES11, which has the paths of ES9+ (SGP.22 §6.5.2). */
export type ServerKind = 'smdp' | 'smds';

/** One server call: its address as in an activation code, the function, the members of the request. */
export type Es9Call = {
  address: string;
  functionName: Es9Function;
  body: Es9Body;
  /** What the server may be, as its TLS certificate says; an SM-DP+ if left out. */
  allowed?: readonly ServerKind[];
};

export type Es9Client = {
  /**
   * The members of a successful answer; none for handleNotification, which must be answered 204. Throws `DeviceError`:
   * `refused_by_server` with the code pair, `unreachable`, or `server_misbehaved` for anything ES9+ does not allow.
   */
  call(call: Es9Call): Promise<Es9Body>;
  /** Of the TLS certificate of the server at this address, once it was called: its OID, and what it is. */
  tlsOid(address: string): string | undefined;
  serverKind(address: string): ServerKind | undefined;
  close(): void;
};

export type Es9ClientOptions = {
  /** CI certificates in DER: the only roots of trust for TLS. */
  ciCertificates: Uint8Array[];
  /** Where to connect to instead of the address dialled, which stays what is verified and sent. */
  connectTo?: ServerAddress;
  timeoutMs?: number;
};

const answerBytesMax = 4 * 1024 * 1024;
const timeoutMsDefault = 30_000;
const successes = ['Executed-Success', 'Executed-WithWarning'];

/** A client that keeps its connections alive; `close` ends them. */
export function createEs9Client(options: Es9ClientOptions): Es9Client {
  const agent = new Agent({
    keepAlive: true,
    ca: options.ciCertificates.map(certificatePem),
    ecdhCurve: 'P-256:brainpoolP256r1',
    minVersion: 'TLSv1.2',
  });
  const servers = new Map<string, TlsServer>();
  return {
    async call(call) {
      const { status, text } = await post({ agent, servers, options }, call);
      return call.functionName === 'handleNotification'
        ? checkNotificationTaken(status)
        : readAnswer(call.functionName, status, text);
    },
    tlsOid: (address) => servers.get(address)?.oid,
    serverKind: (address) => servers.get(address)?.kind,
    close: () => agent.destroy(),
  };
}

type HttpAnswer = { status: number; text: string };
type TlsServer = { kind: ServerKind; oid: string | undefined };
type Connections = { agent: Agent; servers: Map<string, TlsServer>; options: Es9ClientOptions };

async function post({ agent, servers, options }: Connections, call: Es9Call): Promise<HttpAnswer> {
  const dialled = readServerAddress(call.address);
  const { host, port } = options.connectTo ?? dialled;
  const body = Buffer.from(JSON.stringify(call.body));
  // A connection that is kept was checked for another call.
  const known = servers.get(call.address);
  const kindError = known && checkKind(known.kind, call);
  if (kindError) throw unreachable(call, kindError);
  return await new Promise((resolve, reject) => {
    const fail = (cause: unknown) => reject(unreachable(call, cause));
    const outgoing = request({
      agent,
      host,
      port,
      method: 'POST',
      path: `/gsma/rsp2/es9plus/${call.functionName}`,
      servername: isIpAddress(dialled.host) ? '' : dialled.host,
      checkServerIdentity: (_host, peer) => checkTlsCertificate(servers, call, dialled.host, peer),
      signal: AbortSignal.timeout(options.timeoutMs ?? timeoutMsDefault),
      headers: {
        Host: call.address,
        'Content-Type': 'application/json',
        'Content-Length': body.length,
        'User-Agent': 'gsma-rsp-lpad',
        'X-Admin-Protocol': 'gsma/rsp/v2.2.0',
      },
    });
    outgoing.on('error', fail);
    outgoing.on('response', (answer) => readText(answer).then(resolve, fail));
    outgoing.end(body);
  });
}

async function readText(answer: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer) {
    size += chunk.length;
    if (size > answerBytesMax) throw new Error(`the answer is longer than ${answerBytesMax} bytes`);
    chunks.push(chunk);
  }
  return { status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') };
}

function checkNotificationTaken(status: number): Es9Body {
  if (status !== 204) throw misbehaved('handleNotification', `HTTP status ${status}, not 204`);
  return {};
}

function readAnswer(functionName: Es9Function, status: number, text: string): Es9Body {
  if (status !== 200) throw misbehaved(functionName, `HTTP status ${status}`);
  const body = parseObject(text);
  const execution = objectIn(objectIn(body, 'header'), 'functionExecutionStatus');
  const outcome = execution?.['status'];
  if (!body || typeof outcome !== 'string') throw misbehaved(functionName, 'no functionExecutionStatus');
  if (successes.includes(outcome)) return body;
  const data = objectIn(execution, 'statusCodeData') ?? {};
  const text_ = (name: string) => (typeof data[name] === 'string' ? { [name]: data[name] } : {});
  throw refusedByServer({
    functionName,
    status: outcome,
    subjectCode: String(data['subjectCode'] ?? '?'),
    reasonCode: String(data['reasonCode'] ?? '?'),
    ...text_('subjectIdentifier'),
    ...text_('message'),
  });
}

function parseObject(text: string): Es9Body | undefined {
  try {
    return objectIn({ body: JSON.parse(text) }, 'body');
  } catch {
    return undefined;
  }
}

function objectIn(value: Es9Body | undefined, name: string): Es9Body | undefined {
  const member = value?.[name];
  return typeof member === 'object' && member !== null && !Array.isArray(member)
    ? (member as Es9Body)
    : undefined;
}

const kinds: Partial<Record<CertificateRole, ServerKind>> = { dpTls: 'smdp', dsTls: 'smds' };

/** The name must be the one dialled, and the certificate one for TLS of a server that may be called (SGP.22 §4.5.2.1.1). */
function checkTlsCertificate(
  servers: Map<string, TlsServer>,
  call: Es9Call,
  host: string,
  peer: PeerCertificate,
): Error | undefined {
  const nameError = checkServerIdentity(host, peer);
  if (nameError) return nameError;
  const certificate = readCertificate(peer.raw);
  const role = roleOf(certificate);
  const kind = role && kinds[role];
  const kindError = checkKind(kind, call);
  if (!kind || kindError) return kindError;
  servers.set(call.address, { kind, oid: certificate.registeredIds[0] });
  return undefined;
}

function checkKind(kind: ServerKind | undefined, { allowed = ['smdp'] }: Es9Call): Error | undefined {
  if (kind && allowed.includes(kind)) return undefined;
  const names = allowed.map((each) => (each === 'smdp' ? 'an SM-DP+' : 'an SM-DS')).join(' or ');
  return new Error(`the TLS certificate is not one of ${names}`);
}

function unreachable({ address, functionName }: Es9Call, cause: unknown): DeviceError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DeviceError('unreachable', `${functionName}: no answer from ${address} (${reason})`, { cause });
}

function misbehaved(functionName: string, detail: string): DeviceError {
  return new DeviceError('server_misbehaved', `${functionName}: ${detail}`);
}

function certificatePem(der: Uint8Array): string {
  const base64 = Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}
