// ES8+ LoadProfileElements (SGP.22 §5.5.5): the profile interpreter of the card; what passes is installed, disabled.
import { present } from '../../base/assert.ts';
import { toBase64 } from '../../base/bytes.ts';
import { integer } from '../../der/integer.ts';
import { sequence, tlv } from '../../der/write_tlv.ts';
import { mccMncDigits } from '../../rsp/asn1/operator_id.ts';
import type { StoreMetadataRequest } from '../../rsp/asn1/store_metadata.ts';
import { checkProfilePackage } from '../../rsp/profile/check_profile_package.ts';
import { inspectProfilePackage, type ProfilePackageInfo } from '../../rsp/profile/inspect_profile_package.ts';
import { BppError, readOrRefuse } from './bpp_error.ts';
import type { Euicc, LoadingSession } from './euicc.ts';

/** Status values of the profile interpreter (eUICC Profile Package, PEStatus). */
const peStatus = { ok: 0, badValues: 3 } as const;

/** EUICCResponse that says nothing but ok: 3007 A005 3003 800100. */
export const simaResponseOk = writeSimaResponse(peStatus.ok);

/** Throws `BppError`: `peProcessingError` with the element at fault, or `dataMismatch`. */
export function installProfile(euicc: Euicc, session: LoadingSession, bytes: Uint8Array): void {
  const metadata = present(session.loading.metadata, 'metadata come before the profile');
  const refusal = writeSimaResponse(peStatus.badValues);
  const info = readOrRefuse(() => inspectProfilePackage(bytes), 'peProcessingError', refusal);
  if (euicc.interpretsProfiles) checkElements(bytes, info);
  checkIdentity(info, metadata);
  const profile = {
    iccid: metadata.iccid,
    aid: isdpAid(euicc.state.installedCount),
    state: 'disabled' as const,
    metadata: toBase64(metadata.raw),
    package: toBase64(bytes),
    ciKeyId: session.credential.ciKeyId,
  };
  euicc.state.installedCount += 1;
  euicc.state.profiles.push(profile);
}

function checkElements(bytes: Uint8Array, info: ProfilePackageInfo): void {
  const fault = checkProfilePackage(bytes).find(({ severity }) => severity === 'error');
  if (!fault) return;
  const identification =
    fault.element === undefined ? undefined : info.elements[fault.element]?.identification;
  throw new BppError('peProcessingError', writeSimaResponse(peStatus.badValues, identification));
}

/** The package must be of the profile that was announced (SGP.22 §2.5.3, §4.4). */
function checkIdentity(info: ProfilePackageInfo, { iccid, profileOwner }: StoreMetadataRequest): void {
  if (info.iccid !== iccid) throw new BppError('dataMismatch');
  const owner = profileOwner && mccMncDigits(profileOwner.mccMnc);
  if (owner && info.imsi && !info.imsi.startsWith(owner)) throw new BppError('dataMismatch');
}

/** EUICCResponse { peStatus [0] SEQUENCE OF { status [0], identification [1] OPTIONAL } }. */
function writeSimaResponse(status: number, identification?: number): Uint8Array {
  const element = identification === undefined ? [] : [integer(identification, 0x81)];
  return sequence(tlv(0xa0, sequence(integer(status, 0x80), ...element)));
}

/** Profiles get the AIDs from …0011 on (SGP.02 §2.2.3, table of ISD-P AIDs). */
function isdpAid(installedBefore: number): string {
  const number = (0x11 + installedBefore).toString(16).toUpperCase().padStart(6, '0');
  return `A0000005591010FFFFFFFF89${number}00`;
}
