// Binds a profile to one eUICC: the whole bound profile package, ready to be sent (SGP.22 §2.5.4, §3.1.3.3).
import { concat } from '../../base/bytes.ts';
import { blockLimits } from '../../crypto/block_keys.ts';
import { type BlockProtector, createBlockProtector } from '../../crypto/block_protector.ts';
import type { OneTimeKey } from '../../crypto/one_time_key.ts';
import { octets } from '../../der/octets.ts';
import { tlv } from '../../der/write_tlv.ts';
import { writeConfigureIsdp } from '../asn1/configure_isdp.ts';
import {
  installBoundProfilePackage,
  writeInitialiseSecureChannel,
  writeSignedFields,
} from '../asn1/initialise_secure_channel.ts';
import { writeReplaceSessionKeys } from '../asn1/replace_session_keys.ts';
import { deriveSessionKeys, keyLenBytes, keyTypeAes } from './derive_session_keys.ts';
import { type ProtectedProfile, protectInBlocks } from './protect_profile.ts';

export type BindingInput = {
  transactionId: Uint8Array;
  /** 4 to 16 bytes that name this server. */
  hostId: Uint8Array;
  /** A fresh pair, on the curve of CERT.DPpb; never used for a second binding. */
  otsk: OneTimeKey;
  /** From euiccSigned2, 65 bytes. */
  euiccOtpk: Uint8Array;
  /** 32 digits, from the eUICC certificate. */
  eid: string;
  /** The StoreMetadataRequest (BF25), byte for byte the one that authenticateClient answered. */
  metadata: Uint8Array;
  /** Protected ahead of time, or an unprotected package to be protected with the session keys. */
  profile: ProtectedProfile | { upp: Uint8Array };
  /** Of the SM-DP+ that made the profile, if the eUICC shall keep it. */
  dpOid?: string | undefined;
  /** Made with SK.DPpb over `smdpSignInput`: 64 bytes r||s. */
  smdpSign: Uint8Array;
};

export const boundProfilePackageTag = 0xbf36;

/**
 * BF36 { BF23, A0 { 87 }, A1 { 88 … }, A2 { 87 } only for a profile protected ahead of time, A3 { 86 … } }.
 * Throws `malformed_der` when `euiccOtpk` is not a point of the curve.
 */
export function buildBoundProfilePackage(input: BindingInput): Uint8Array {
  const session = createBlockProtector(
    deriveSessionKeys({ otsk: input.otsk, otpk: input.euiccOtpk, hostId: input.hostId, eid: input.eid }),
  );
  const configureIsdp = session.encrypt(0x87, writeConfigureIsdp({ dpOid: input.dpOid }));
  const metadata = authenticateInBlocks(input.metadata, session);
  return tlv(
    boundProfilePackageTag,
    initialiseSecureChannel(input),
    tlv(0xa0, configureIsdp),
    tlv(0xa1, ...metadata),
    ...profileSequences(input.profile, session),
  );
}

function initialiseSecureChannel(input: BindingInput): Uint8Array {
  return writeInitialiseSecureChannel(signedFieldsOf(input), input.smdpSign);
}

/** What smdpSign of this binding must cover. */
export function smdpSignInput(input: Omit<BindingInput, 'smdpSign'>): Uint8Array {
  return smdpSignBytes(signedFieldsOf(input), input.euiccOtpk);
}

function signedFieldsOf({ transactionId, hostId, otsk }: Omit<BindingInput, 'smdpSign'>): Uint8Array {
  return writeSignedFields({
    remoteOpId: installBoundProfilePackage,
    transactionId,
    controlRefTemplate: { keyType: keyTypeAes, keyLen: keyLenBytes, hostId },
    smdpOtpk: otsk.publicKey,
  });
}

/** What smdpSign covers: the fields of BF23, then the eUICC's own 5F49 element (SGP.22 §5.5.1). */
export function smdpSignBytes(signedFields: Uint8Array, euiccOtpk: Uint8Array): Uint8Array {
  return concat(signedFields, octets(euiccOtpk, 0x5f49));
}

/** A full icon makes the metadata longer than a block, so it goes in several (SGP.22 §2.5.4.1). */
function authenticateInBlocks(metadata: Uint8Array, session: BlockProtector): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < metadata.length; at += blockLimits.authenticatedBytesMax)
    blocks.push(session.authenticate(0x88, metadata.subarray(at, at + blockLimits.authenticatedBytesMax)));
  return blocks;
}

function profileSequences(profile: BindingInput['profile'], session: BlockProtector): Uint8Array[] {
  if ('upp' in profile) return [tlv(0xa3, protectInBlocks(profile.upp, session))];
  const replaceKeys = session.encrypt(0x87, writeReplaceSessionKeys(profile.keys));
  return [tlv(0xa2, replaceKeys), tlv(0xa3, profile.blocks)];
}
