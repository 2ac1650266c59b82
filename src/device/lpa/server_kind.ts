// What a server is, as both of its certificates say: the one it signs with and the one of TLS (SGP.22 §4.5.2.1).
import { readCertificate } from '../../crypto/certificate.ts';
import { type CertificateRole, roleOf } from '../../rsp/certificate_roles.ts';
import { DeviceError } from '../device_error.ts';
import type { DownloadTarget } from './download_source.ts';
import { readAnswer } from './es9_answers.ts';
import type { ServerKind } from './es9_client.ts';
import type { ServerProof } from './initiate_authentication.ts';
import type { Lpa } from './lpa.ts';

/** Throws `DeviceError` (`server_misbehaved`) when the two differ. */
export function serverKindOf({ es9 }: Lpa, { address }: DownloadTarget, proof: ServerProof): ServerKind {
  const role = roleOf(readAnswer('serverCertificate', () => readCertificate(proof.serverCertificate)));
  const kind = role && kinds[role];
  if (kind && kind === es9.serverKind(address)) return kind;
  throw new DeviceError(
    'server_misbehaved',
    'The server signs as another kind of server than its TLS certificate is for.',
  );
}

const kinds: Partial<Record<CertificateRole, ServerKind>> = { dpAuth: 'smdp', dsAuth: 'smds' };
