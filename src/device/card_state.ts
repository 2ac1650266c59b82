// Everything a card remembers without power, as plain JSON: identity, keys, profiles, notifications, counters.
import type { Curve } from '../crypto/curve.ts';
import type { NotificationEvent, PprId } from '../rsp/asn1/named_flags.ts';

export type CardState = {
  formatVersion: 1;
  /** 32 digits. */
  eid: string;
  /** One for each certificate issuer the card was made for, the preferred one first. */
  credentials: CardCredential[];
  addresses: { defaultSmdp?: string; rootSmds: string };
  properties: CardProperties;
  rat: RatRow[];
  profiles: InstalledProfile[];
  notifications: StoredNotification[];
  /** The number of the last notification made; never goes back. */
  lastSeqNumber: number;
  /** How many profiles were ever installed: the next ISD-P AID. */
  installedCount: number;
  /** One-time keys of bindings that were never loaded, newest last. */
  oneTimeKeys: StoredOneTimeKey[];
  /** A download that loses power now is reported with these on the next start. */
  loading?: InterruptedLoading;
};

/** Certificates in base64 DER, the private key in PEM. */
export type CardCredential = {
  ciCertificate: string;
  eumCertificate: string;
  euiccCertificate: string;
  privateKey: string;
};

export type CardProperties = {
  svn: string;
  profileVersion: string;
  firmwareVersion: string;
  /** Memory for profile packages, in bytes. */
  memoryBytes: number;
  /** Policy rules that no profile may have. */
  forbiddenProfilePolicyRules: PprId[];
  /** True when profiles of class "test" may be installed (RspCapability testProfileSupport). */
  testProfiles: boolean;
  ppVersion: string;
  sasAccreditationNumber: string;
};

/** A row of the rules authorisation table; `mccMnc`, `gid1`, `gid2` in hex, a nibble E of `mccMnc` stands for any. */
export type RatRow = {
  pprIds: PprId[];
  allowedOperators: { mccMnc: string; gid1?: string; gid2?: string }[];
  consentRequired: boolean;
};

export type ProfileState = 'enabled' | 'disabled';

export type InstalledProfile = {
  /** 18 to 20 digits. */
  iccid: string;
  /** ISD-P AID in hex. */
  aid: string;
  state: ProfileState;
  nickname?: string;
  /** The StoreMetadata command (BF25) in base64, as it came. */
  metadata: string;
  /** The unprotected profile package in base64, Ki included: the simulated network needs it. */
  package: string;
  /** Key identifier (hex) of the certificate issuer the profile came by. */
  ciKeyId: string;
  /** The last sequence number of each index that its USIM accepted (TS 33.102 §C.2), from the first challenge on. */
  sequenceNumbers?: number[];
};

export type StoredNotification = {
  seqNumber: number;
  operation: NotificationEvent;
  address: string;
  iccid?: string;
  /** What is sent to the server: BF37 or a SEQUENCE, in base64. */
  pending: string;
};

/** Keys in hex: `publicKey` 65 bytes, `privateKey` 32. */
export type StoredOneTimeKey = { smdpOid: string; curve: Curve; publicKey: string; privateKey: string };

export type InterruptedLoading = {
  transactionId: string;
  smdpOid: string;
  address: string;
  ciKeyId: string;
  /** The command that was being loaded (BppCommandId). */
  bppCommandId: number;
  iccid?: string;
};
