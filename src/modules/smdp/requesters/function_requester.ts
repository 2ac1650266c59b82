// A function requester: an operator's system that orders profiles over ES2+, and how it proves itself (SGP.22 §5.3, §6.1).
import type { Id } from '../../../base/ids.ts';

export type FunctionRequester = {
  id: Id<'functionRequester'>;
  accountId: string;
  /** functionRequesterIdentifier of its calls. */
  identifier: string;
  /** Its client certificates in PEM; none when it is known by its CA. */
  certificates: readonly string[];
  /** Or the CAs, in PEM, whose certificates it calls with. */
  ca: string | null;
  /** The common name that a certificate of the CA must have; null for any. */
  subjectCommonName: string | null;
  /** Where its HandleDownloadProgressInfo is, `https://host:port`; null when it is not to be told. */
  progressUrl: string | null;
  /** PEM of the CAs of that server; null for the public ones and the certificate issuers we trust. */
  progressCa: string | null;
  /** It is also told when a profile is enabled, disabled or deleted. */
  tellsChanges: boolean;
  createdAt: Date;
  updatedAt: Date;
};

/** All that may be set; what is left out of a put is none. */
export type PutRequester = {
  accountId: string;
  identifier: string;
  certificates?: readonly string[];
  ca?: string | null;
  subjectCommonName?: string | null;
  progressUrl?: string | null;
  progressCa?: string | null;
  tellsChanges?: boolean;
};

export const requestersMax = 100;
