// A remote SM-DP+: who makes profiles of some of our types, how we call it, and how it has answered lately.
import type { Id } from '../../../base/ids.ts';

export type RemoteSmdp = {
  id: Id<'remoteSmdp'>;
  accountId: string;
  name: string;
  /** `https://host:port`, in front of `/gsma/rsp2/es2plus`. */
  es2Url: string;
  /** Who we are in the header of each call. */
  requesterIdentifier: string;
  /** What activation codes name when the server does not say. */
  smdpAddress: string;
  /** The SM-DS at which it registers profiles that devices shall discover. */
  smdsAddress: string;
  /** Our client certificate, PEM, with those between it and its root. */
  certificate: string;
  /** Roots of its TLS certificate, PEM; null for those that the computer trusts. */
  ca: string | null;
  /** SHA-256 of the certificates by which it tells us of progress, in hex. */
  peerFingerprints: readonly string[];
  version: bigint;
  /** Calls in a row that got no proper answer. */
  failures: number;
  /** Nothing is sent to it before (wall clock); null while it answers. */
  openUntil: Date | null;
  lastError: string | null;
  createdAt: Date;
  updatedAt: Date;
};

/** What an operator says of a remote SM-DP+. */
export type PutRemoteSmdp = {
  accountId: string;
  name: string;
  es2Url: string;
  requesterIdentifier: string;
  /** The host of `es2Url` if left out. */
  smdpAddress?: string;
  /** The root SM-DS of the GSMA if left out. */
  smdsAddress?: string;
  certificate: string;
  /** PKCS #8 or SEC1, PEM. Left out to keep the one there is. */
  privateKey?: string;
  ca?: string | null;
  /** PEM. Left out: none, and a certificate that comes from `ca` for the host of `es2Url` or `smdpAddress` will do. */
  peerCertificates?: readonly string[];
};

export type RemoteSmdpRow = {
  id: string;
  account_id: string;
  name: string;
  es2_url: string;
  requester_identifier: string;
  smdp_address: string;
  smds_address: string;
  certificate: string;
  ca: string | null;
  peer_fingerprints: string[];
  version: bigint;
  failures: number;
  open_until: Date | null;
  last_error: string | null;
  created_at: Date;
  updated_at: Date;
};

export const remoteSmdpColumns =
  'id, account_id, name, es2_url, requester_identifier, smdp_address, smds_address, certificate, ca, peer_fingerprints, version, failures, open_until, last_error, created_at, updated_at';

export function readRemoteSmdp(row: RemoteSmdpRow): RemoteSmdp {
  return {
    id: row.id as Id<'remoteSmdp'>,
    accountId: row.account_id,
    name: row.name,
    es2Url: row.es2_url,
    requesterIdentifier: row.requester_identifier,
    smdpAddress: row.smdp_address,
    smdsAddress: row.smds_address,
    certificate: row.certificate,
    ca: row.ca,
    peerFingerprints: row.peer_fingerprints,
    version: row.version,
    failures: row.failures,
    openUntil: row.open_until,
    lastError: row.last_error,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
