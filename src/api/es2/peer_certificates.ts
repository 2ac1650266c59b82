// What a client showed in the TLS handshake: its certificate, and those that it sent along to lead to a CA.
import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import type { PeerCertificates } from '../../modules/smdp/index.ts';

/** Undefined when it showed none. */
export function peerCertificates({ raw }: FastifyRequest): PeerCertificates | undefined {
  const certificate = (raw.socket as TLSSocket).getPeerX509Certificate?.();
  if (!certificate) return undefined;
  return { certificate, sent: sentAlong(certificate) };
}

const sentMax = 5;

/** Node links each certificate to the one that was sent behind it. */
function sentAlong(certificate: X509Certificate): X509Certificate[] {
  const sent: X509Certificate[] = [];
  let next = certificate.issuerCertificate;
  while (next && sent.length < sentMax && next.fingerprint256 !== sent.at(-1)?.fingerprint256) {
    sent.push(next);
    next = next.issuerCertificate;
  }
  return sent;
}
