// What the tests of this room share: the server side of a download in one object, and the same behind HTTPS on 127.0.0.1.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { present } from '../base/assert.ts';
import { fromBase64, toBase64, toHex } from '../base/bytes.ts';
import { certificateKey } from '../crypto/certificate.ts';
import type { Curve } from '../crypto/curve.ts';
import { signEcdsa, verifyEcdsa } from '../crypto/ecdsa.ts';
import { generateOneTimeKey } from '../crypto/one_time_key.ts';
import { octets } from '../der/octets.ts';
import { readAuthenticateServerResponse } from '../rsp/asn1/authenticate_server_response.ts';
import { readPrepareDownloadResponse } from '../rsp/asn1/prepare_download_response.ts';
import { writeServerSigned1 } from '../rsp/asn1/server_signed1.ts';
import { writeSignature } from '../rsp/asn1/signature.ts';
import { writeSmdpSigned2 } from '../rsp/asn1/smdp_signed2.ts';
import { type StoreMetadataRequest, writeStoreMetadata } from '../rsp/asn1/store_metadata.ts';
import { checkCertificateChain, type TrustedEuicc } from '../rsp/check_certificate_chain.ts';
import { hashConfirmationCode, isConfirmationCode } from '../rsp/confirmation_code.ts';
import {
  type BindingInput,
  buildBoundProfilePackage,
  smdpSignInput,
} from '../rsp/es8/build_bound_profile_package.ts';
import { protectProfile } from '../rsp/es8/protect_profile.ts';
import { executedSuccess, failedStatus } from '../rsp/function_execution_status.ts';
import { makeTestPki } from '../rsp/pki/make_test_pki.ts';
import { type Pki, readPki } from '../rsp/pki/read_pki.ts';
import { type SmdpIdentity, selectSmdpIdentities } from '../rsp/pki/select_smdp_identities.ts';
import { buildProfilePackage } from '../rsp/profile/build_profile_package.ts';
import { testSubscription } from '../rsp/profile/test_subscription.ts';
import { RspError } from '../rsp/rsp_error.ts';
import { euiccSignature2Bytes, smdpSignature2Bytes } from '../rsp/signed_bytes.ts';
import { createTrust } from '../rsp/trust.ts';
import type { Es9Body, Es9Function } from './lpa/es9_client.ts';

export type TestSmdpOptions = {
  pki: Pki;
  address: string;
  curve?: Curve;
  now?: Date;
  metadata?: Partial<Omit<StoreMetadataRequest, 'raw'>>;
  upp?: Uint8Array;
  confirmationCode?: string;
  bppEuiccOtpk?: Uint8Array;
  dpOid?: string;
  /** Without it the profile is bound under the session keys. */
  protectedAhead?: boolean;
};

export const testMetadata: Omit<StoreMetadataRequest, 'raw'> = {
  iccid: testSubscription.iccid,
  serviceProviderName: 'Example Mobile',
  profileName: 'Plan A',
  profileClass: 'operational',
};

export const testProfilePackage = buildProfilePackage(testSubscription);

export function makePki(address: string, curve: Curve = 'P-256'): Pki {
  const files = makeTestPki({ smdpAddress: address, now: new Date(), curve });
  return readPki([...files].map(([path, bytes]) => ({ path, bytes })));
}

/** The messages of one server, made with the builders of `rsp`; it checks what an eUICC signs, and nothing else. */
export function createTestSmdp(options: TestSmdpOptions) {
  const identity = identityOf(options);
  const metadata = writeStoreMetadata({ ...testMetadata, ...options.metadata });
  const sign = (which: 'auth' | 'dpPb') => (bytes: Uint8Array) =>
    signEcdsa(present(identity[which].privateKey, 'a key'), bytes);
  return {
    identity,
    metadata,
    initiate(euiccChallenge: Uint8Array, transactionId: Uint8Array = randomBytes(16)) {
      const serverChallenge = randomBytes(16);
      const serverSigned1 = writeServerSigned1({
        transactionId,
        euiccChallenge,
        serverAddress: options.address,
        serverChallenge,
      });
      return {
        transactionId,
        serverChallenge,
        serverSigned1,
        serverSignature1: sign('auth')(serverSigned1),
        euiccCiPKIdToBeUsed: identity.ciKeyId,
        serverCertificate: identity.auth.certificate.raw,
      };
    },
    /** What follows the card's proof (BF38); throws `RspError` when the proof does not hold. */
    offer(response: Uint8Array) {
      const read = readAuthenticateServerResponse(response);
      if (!('authenticateResponseOk' in read)) throw new RspError('euicc_signature_invalid');
      const { euiccSigned1, euiccSignature1, euiccCertificate, eumCertificate } = read.authenticateResponseOk;
      const trusted = checkCertificateChain({
        euiccCertificate,
        eumCertificate,
        trust: createTrust([identity.ci]),
        now: options.now ?? new Date(),
      });
      if (!verifyEcdsa(certificateKey(trusted.euicc), euiccSigned1.raw, euiccSignature1))
        throw new RspError('euicc_signature_invalid');
      const ccRequiredFlag = options.confirmationCode !== undefined;
      const { transactionId } = euiccSigned1;
      const smdpSigned2 = writeSmdpSigned2({
        transactionId,
        ccRequiredFlag,
        bppEuiccOtpk: options.bppEuiccOtpk,
      });
      const smdpSignature2 = sign('dpPb')(smdpSignature2Bytes(smdpSigned2, euiccSignature1));
      const smdpCertificate = identity.dpPb.certificate.raw;
      return { trusted, euiccSigned1, transactionId, smdpSigned2, smdpSignature2, smdpCertificate };
    },
    /** The package for the card's one-time key (BF21); throws `RspError`. */
    bind(
      response: Uint8Array,
      offer: { trusted: TrustedEuicc; smdpSignature2: Uint8Array },
      more: Partial<BindingInput> = {},
    ) {
      const read = readPrepareDownloadResponse(response);
      if (!('downloadResponseOk' in read)) throw new RspError('euicc_signature_invalid');
      const { euiccSigned2, euiccSignature2 } = read.downloadResponseOk;
      const signed = euiccSignature2Bytes(euiccSigned2.raw, offer.smdpSignature2);
      if (!verifyEcdsa(certificateKey(offer.trusted.euicc), signed, euiccSignature2))
        throw new RspError('euicc_signature_invalid');
      checkCode(options.confirmationCode, euiccSigned2);
      const upp = options.upp ?? testProfilePackage;
      const binding = {
        transactionId: euiccSigned2.transactionId,
        hostId: Buffer.from('HOST'),
        otsk: generateOneTimeKey(identity.curve),
        euiccOtpk: euiccSigned2.euiccOtpk,
        eid: offer.trusted.eid,
        metadata,
        profile: options.protectedAhead === false ? { upp } : protectProfile(upp),
        dpOid: options.dpOid,
        ...more,
      };
      const smdpSign = sign('dpPb')(smdpSignInput(binding));
      return buildBoundProfilePackage({ ...binding, smdpSign });
    },
  };
}

function identityOf({ pki, address, curve = 'P-256', now = new Date() }: TestSmdpOptions): SmdpIdentity {
  const { identities } = selectSmdpIdentities(pki, { smdpAddress: address, now });
  const identity = identities.find((each) => each.curve === curve);
  if (!identity) throw new Error('the PKI has no identity for this server');
  return identity;
}

function checkCode(
  code: string | undefined,
  signed: { hashCc?: Uint8Array | undefined; transactionId: Uint8Array },
): void {
  if (code === undefined) return;
  if (!signed.hashCc) throw new RspError('confirmation_code_missing');
  if (!isConfirmationCode(signed.hashCc, hashConfirmationCode(code), signed.transactionId))
    throw new RspError('confirmation_code_refused');
}

export type ServerOptions = Omit<TestSmdpOptions, 'address' | 'pki'> & {
  /** Makes the PKI from the address; `makePki` if left out. */
  pkiOf?: (address: string) => Pki;
  /** Metadata that name the server itself. */
  metadataOf?: (address: string) => NonNullable<TestSmdpOptions['metadata']>;
  host?: string;
  /** Changes an answer, or throws to drop the connection. */
  answer?: (functionName: Es9Function, answer: Es9Body) => Es9Body;
  notificationStatus?: () => number;
};

export type TestServer = Awaited<ReturnType<typeof startTestSmdp>>;

/** ES9+ on a free port; `calls` are the requests in order. */
export async function startTestSmdp(options: ServerOptions = {}) {
  const port = await freePort();
  const { curve = 'P-256', host = 'localhost' } = options;
  const address = `${host}:${port}`;
  const pki = (options.pkiOf ?? ((at) => makePki(at, curve)))(address);
  const metadata = { ...options.metadata, ...options.metadataOf?.(address) };
  const smdp = createTestSmdp({ ...options, metadata, pki, address });
  const { tls } = selectSmdpIdentities(pki, { smdpAddress: address, now: options.now ?? new Date() });
  if (!tls) throw new Error('the PKI has no TLS certificate for this server');
  const calls: { functionName: Es9Function; body: Record<string, string> }[] = [];
  let offer: ReturnType<typeof smdp.offer> | undefined;
  const bytes = (text: string | undefined) => fromBase64(text ?? '');
  const functions: Record<Es9Function, (body: Record<string, string>) => Es9Body> = {
    initiateAuthentication(body) {
      const made = smdp.initiate(bytes(body['euiccChallenge']));
      return {
        transactionId: toHex(made.transactionId),
        serverSigned1: toBase64(made.serverSigned1),
        serverSignature1: toBase64(writeSignature(made.serverSignature1)),
        euiccCiPKIdToBeUsed: toBase64(octets(made.euiccCiPKIdToBeUsed)),
        serverCertificate: toBase64(made.serverCertificate),
      };
    },
    authenticateClient(body) {
      offer = smdp.offer(bytes(body['authenticateServerResponse']));
      return {
        transactionId: toHex(offer.transactionId),
        profileMetadata: toBase64(smdp.metadata),
        smdpSigned2: toBase64(offer.smdpSigned2),
        smdpSignature2: toBase64(writeSignature(offer.smdpSignature2)),
        smdpCertificate: toBase64(offer.smdpCertificate),
      };
    },
    getBoundProfilePackage(body) {
      if (!offer) throw new RspError('transaction_unknown');
      const boundProfilePackage = toBase64(smdp.bind(bytes(body['prepareDownloadResponse']), offer));
      return { transactionId: body['transactionId'], boundProfilePackage };
    },
    handleNotification: () => ({}),
    cancelSession: () => ({}),
  };
  const server = createServer(
    {
      key: tls.privateKey.export({ type: 'pkcs8', format: 'pem' }),
      cert: `-----BEGIN CERTIFICATE-----\n${toBase64(tls.certificate.raw)}\n-----END CERTIFICATE-----\n`,
      ecdhCurve: 'P-256:brainpoolP256r1',
      ...(tls.certificate.curve === 'P-256' ? {} : { maxVersion: 'TLSv1.2' as const }),
    },
    async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const functionName = request.url?.split('/').at(-1) as Es9Function;
      const body = JSON.parse(Buffer.concat(chunks).toString());
      calls.push({ functionName, body });
      try {
        const members = functions[functionName](body);
        const changed = options.answer?.(functionName, members) ?? members;
        if (functionName === 'handleNotification') {
          response.writeHead(options.notificationStatus?.() ?? 204).end();
          return;
        }
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ header: { functionExecutionStatus: executedSuccess }, ...changed }));
      } catch (error) {
        if (!(error instanceof RspError)) {
          request.socket.destroy();
          return;
        }
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ header: { functionExecutionStatus: failedStatus(error.code) } }));
      }
    },
  );
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { address, pki, calls, smdp, close, port };
}

async function freePort(): Promise<number> {
  const { createServer: listen } = await import('node:net');
  const probe = listen();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
