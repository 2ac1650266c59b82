// Which remote servers a client certificate speaks for: those that pinned it, and those without a pin whose CA made it for their host.
import type { X509Certificate } from 'node:crypto';
import { AppError } from '../../../base/app_error.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import { fingerprintOf, readCertificates } from '../servers/check_remote_smdp.ts';

export type RemotePeer = { serverIds: readonly string[] };

/**
 * Who called, by the certificate that TLS proved to be the caller's. Throws `unauthenticated` when there is none, and
 * `forbidden` for one that is expired or of no remote server that we have.
 */
export async function identifyPeer(ctx: Ctx, certificate: X509Certificate | undefined): Promise<RemotePeer> {
  if (!certificate) throw new AppError('unauthenticated', 'Show the client certificate of the SM-DP+.');
  const isValid = certificate.validFromDate <= ctx.now && ctx.now <= certificate.validToDate;
  const serverIds = isValid ? await findServers(ctx, certificate) : [];
  if (serverIds.length === 0)
    throw new AppError('forbidden', 'This client certificate is of no remote SM-DP+ that is known here.');
  return { serverIds };
}

async function findServers(ctx: Ctx, certificate: X509Certificate): Promise<string[]> {
  const pinned = await query<{ id: string }>(ctx.db, selectPinned, [[fingerprintOf(certificate)]]);
  const unpinned = await query<UnpinnedRow>(ctx.db, selectUnpinned);
  return [...pinned, ...unpinned.filter((row) => isOf(certificate, row))].map(({ id }) => id);
}

type UnpinnedRow = { id: string; es2_url: string; smdp_address: string; ca: string };

function isOf(certificate: X509Certificate, { es2_url, smdp_address, ca }: UnpinnedRow): boolean {
  const hosts = [new URL(es2_url).hostname, smdp_address.replace(/:\d+$/, '')];
  if (!hosts.some((host) => certificate.checkHost(host) !== undefined)) return false;
  return readCertificates(ca).some(
    (issuer) => certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey),
  );
}

const selectPinned = `
  select id from remote_smdp.servers where peer_fingerprints @> $1::text[] and removed_at is null`;

const selectUnpinned = `
  select id, es2_url, smdp_address, ca from remote_smdp.servers
  where peer_fingerprints = '{}' and ca is not null and removed_at is null limit 1000`;
