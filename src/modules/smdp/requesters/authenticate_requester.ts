// Who calls ES2+: the function requesters that a client certificate may speak for.
import type { X509Certificate } from 'node:crypto';
import { AppError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import type { FunctionRequester } from './function_requester.ts';
import { fingerprintOf, isCurrent, readPemCertificates } from './pem_certificates.ts';
import { type RequesterRow, readRequester, requesterColumns } from './requester_row.ts';

/** What a client showed in the TLS handshake, by which it proved to have the key: its certificate, and those sent along. */
export type PeerCertificates = { certificate: X509Certificate; sent: readonly X509Certificate[] };

/**
 * The requesters, of whatever account, whose certificate this is. Throws `unauthenticated` when none was shown,
 * `forbidden` when it is out of date or nobody's.
 */
export async function authenticateRequester(
  ctx: Ctx,
  peer: PeerCertificates | undefined,
): Promise<FunctionRequester[]> {
  if (!peer) throw new AppError('unauthenticated', 'Show a client certificate.');
  if (!isCurrent(peer.certificate, ctx.now)) throw forbidden('the client certificate is out of date');
  const names = [peer.certificate, ...peer.sent].map((each) => each.issuer);
  const rows = await query<RequesterRow>(ctx.db, selectByCertificate, [
    [fingerprintOf(peer.certificate)],
    names,
  ]);
  const requesters = rows.map(readRequester).filter((each) => speaksFor(each, peer, ctx.now));
  if (requesters.length === 0) throw forbidden('no function requester has this client certificate');
  return requesters;
}

/** The requester that the header of a call names. Throws `forbidden` when the certificate is not its own. */
export function requesterNamed(
  requesters: readonly FunctionRequester[],
  identifier: string,
): FunctionRequester {
  const named = requesters.find((each) => each.identifier === identifier);
  if (named) return named;
  throw forbidden('the client certificate is not that of this function requester');
}

function speaksFor(
  { ca, subjectCommonName }: FunctionRequester,
  { certificate, sent }: PeerCertificates,
  now: Date,
): boolean {
  if (ca === null) return true;
  if (subjectCommonName !== null && commonNameOf(certificate) !== subjectCommonName) return false;
  return (
    mayBeClient(certificate) && leadsTo(readPemCertificates(ca, 'ca'), certificate, sent, now, pathLengthMax)
  );
}

const pathLengthMax = 4;

/** True when a chain leads from the certificate, through what was sent along, to one of the CAs; all of it valid now. */
function leadsTo(
  cas: readonly X509Certificate[],
  certificate: X509Certificate,
  sent: readonly X509Certificate[],
  now: Date,
  linksLeft: number,
): boolean {
  const issued = (by: X509Certificate) => by.ca && isCurrent(by, now) && isIssuedBy(certificate, by);
  if (cas.some(issued)) return true;
  if (linksLeft === 0) return false;
  return sent.filter(issued).some((by) => leadsTo(cas, by, sent, now, linksLeft - 1));
}

/** A key that cannot be used has signed nothing. */
function isIssuedBy(certificate: X509Certificate, by: X509Certificate): boolean {
  try {
    return certificate.checkIssued(by) && certificate.verify(by.publicKey);
  } catch {
    return false;
  }
}

const clientAuth = ['1.3.6.1.5.5.7.3.2', '2.5.29.37.0'];

/** Without extended key usage a certificate may be used for anything. */
function mayBeClient({ keyUsage }: X509Certificate): boolean {
  // What Node calls `keyUsage` are the extended ones; the types do not know that there may be none.
  const usages = keyUsage as readonly string[] | undefined;
  return usages === undefined || usages.some((each) => clientAuth.includes(each));
}

function commonNameOf({ subject }: X509Certificate): string | undefined {
  return /^CN=(.*)$/m.exec(subject)?.[1];
}

function forbidden(internal: string): AppError {
  return new AppError('forbidden', 'This client certificate is not known here.', { internal });
}

const selectByCertificate = `
  select ${requesterColumns} from smdp.function_requesters
  where removed_at is null and (fingerprints @> $1::text[] or ca_subjects && $2::text[])
  order by id`;
