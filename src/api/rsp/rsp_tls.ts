// The certificates of an RSP server as TLS wants them: one for each name, chosen by what the client asks for (SNI).
import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { assert } from '../../base/assert.ts';
import type { PemIdentity } from '../../rsp/pki/pem_identity.ts';

export type TlsIdentities = PemIdentity | readonly PemIdentity[];

type Found = (error: Error | null, context?: SecureContext) => void;

/** `find` is an SNICallback; without a context in its answer the server's own is taken. */
export type ServerNames = {
  find(name: string, found: Found): void;
  replace(tls: TlsIdentities): void;
};

export function createServerNames(tls: TlsIdentities): ServerNames {
  let known = contextsOf(tls);
  return {
    find(name, found) {
      found(
        null,
        known.find(({ certificate }) => certificate.checkHost(name, { subject: 'never' }))?.context,
      );
    },
    replace(next) {
      known = contextsOf(next);
    },
  };
}

/**
 * The options of the whole port. As soon as one certificate is on a Brainpool curve, TLS must end at 1.2 for all: there is
 * no signature scheme for it in OpenSSL's 1.3, and the version is chosen before the name is looked at.
 */
export function tlsOptions(tls: TlsIdentities): SecureContextOptions {
  const identities = listOf(tls);
  const [first] = identities;
  assert(first, 'a TLS server has a certificate');
  return contextOptions(
    first,
    identities.some(({ curve }) => curve !== 'P-256'),
  );
}

/** None for a single certificate: the context of the port will do. */
function contextsOf(tls: TlsIdentities): { certificate: X509Certificate; context: SecureContext }[] {
  const identities = listOf(tls);
  if (identities.length === 1) return [];
  return identities.map((identity) => ({
    certificate: new X509Certificate(identity.certificate),
    context: createSecureContext(contextOptions(identity, identity.curve !== 'P-256')),
  }));
}

function contextOptions(
  { certificate, privateKey }: PemIdentity,
  hasBrainpool: boolean,
): SecureContextOptions {
  return {
    cert: certificate,
    key: privateKey,
    minVersion: 'TLSv1.2',
    ...(hasBrainpool && { maxVersion: 'TLSv1.2', ecdhCurve: 'P-256:brainpoolP256r1' }),
  };
}

function listOf(tls: TlsIdentities): readonly PemIdentity[] {
  return 'certificate' in tls ? [tls] : tls;
}
