// Remote SM-DP+ servers between the wire and the core.
import type { z } from 'zod';
import type { PutRemoteSmdp, RemoteSmdp } from '../../modules/remote_smdp/index.ts';
import type { putRemoteSmdpBody, remoteSmdp, remoteSmdpWithWaiting } from './remote_smdps_schemas.ts';

export function readPutRemoteSmdp(
  accountId: string,
  name: string,
  body: z.output<typeof putRemoteSmdpBody>,
): PutRemoteSmdp {
  return { ...body, accountId, name };
}

export function writeRemoteSmdp(from: RemoteSmdp): z.output<typeof remoteSmdp> {
  return {
    id: from.id,
    name: from.name,
    es2Url: from.es2Url,
    requesterIdentifier: from.requesterIdentifier,
    smdpAddress: from.smdpAddress,
    smdsAddress: from.smdsAddress,
    certificate: from.certificate,
    ca: from.ca,
    peerFingerprints: [...from.peerFingerprints],
    failures: from.failures,
    openUntil: from.openUntil?.toISOString() ?? null,
    lastError: from.lastError,
    createdAt: from.createdAt.toISOString(),
    updatedAt: from.updatedAt.toISOString(),
  };
}

export function writeRemoteSmdpWithWaiting(
  from: RemoteSmdp & { waiting: number },
): z.output<typeof remoteSmdpWithWaiting> {
  return { ...writeRemoteSmdp(from), waiting: from.waiting };
}
