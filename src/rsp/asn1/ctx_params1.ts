// CtxParams1: what the LPA tells the server through the eUICC: the matching identifier and the device.
import { fields } from '../../der/fields.ts';
import { octets, readOctets } from '../../der/octets.ts';
import { readUtf8, utf8 } from '../../der/text.ts';
import { readTagged, readTlvs, type Tlv } from '../../der/tlv.ts';
import { tlv } from '../../der/write_tlv.ts';
import { readVersion, writeVersion } from './version_type.ts';

/**
 * SGP.22 §5.7.13, CHOICE of one, A0 ctxParamsForCommonAuthentication:
 *   matchingId [0] UTF8String OPTIONAL
 *   deviceInfo [1] { tac [0] OCTET STRING (4), deviceCapabilities [1] {…}, imei [2] OCTET STRING (8) OPTIONAL }
 *   deviceCapabilities: VersionType OPTIONAL under [0], [1], … in the order of `capabilityNames`
 *   more may follow in each
 */
export type CtxParams1 = {
  raw: Uint8Array;
  matchingId?: string | undefined;
  deviceInfo: DeviceInfo;
};

export type DeviceInfo = {
  tac: Uint8Array;
  deviceCapabilities: DeviceCapabilities;
  imei?: Uint8Array | undefined;
};

export const capabilityNames = [
  'gsmSupportedRelease',
  'utranSupportedRelease',
  'cdma2000onexSupportedRelease',
  'cdma2000hrpdSupportedRelease',
  'cdma2000ehrpdSupportedRelease',
  'eutranSupportedRelease',
  'contactlessSupportedRelease',
  'rspCrlSupportedVersion',
] as const;

export type DeviceCapabilities = Partial<Record<(typeof capabilityNames)[number], string>>;

export const ctxParams1Tag = 0xa0;

/** Throws `malformed_der`. */
export function readCtxParams1(source: Uint8Array | Tlv): CtxParams1 {
  const whole = readTagged(source, ctxParams1Tag);
  const cursor = fields(whole);
  const matchingId = cursor.optional(0x80);
  const deviceInfo = readDeviceInfo(cursor.take(0xa1));
  cursor.rest();
  return { raw: whole.raw, matchingId: matchingId && readUtf8(matchingId, 255), deviceInfo };
}

export function writeCtxParams1({ matchingId, deviceInfo }: Omit<CtxParams1, 'raw'>): Uint8Array {
  const { tac, deviceCapabilities, imei } = deviceInfo;
  const capabilities = capabilityNames.flatMap((name, index) => {
    const version = deviceCapabilities[name];
    return version === undefined ? [] : [writeVersion(version, 0x80 + index)];
  });
  return tlv(
    ctxParams1Tag,
    ...(matchingId === undefined ? [] : [utf8(matchingId, 0x80)]),
    tlv(0xa1, octets(tac, 0x80), tlv(0xa1, ...capabilities), ...(imei ? [octets(imei, 0x82)] : [])),
  );
}

/** An early module gave `tac` 8 bytes; both sizes are taken. */
function readDeviceInfo(field: Tlv): DeviceInfo {
  const cursor = fields(field);
  const tac = readOctets(cursor.take(0x80), 4, 8);
  const deviceCapabilities = readDeviceCapabilities(cursor.take(0xa1));
  const imei = cursor.optional(0x82);
  cursor.rest();
  return { tac, deviceCapabilities, imei: imei && readOctets(imei, 8) };
}

function readDeviceCapabilities(field: Tlv): DeviceCapabilities {
  const found: DeviceCapabilities = {};
  for (const capability of readTlvs(field.value)) {
    const name = capabilityNames[capability.tag - 0x80];
    if (name) found[name] = readVersion(capability);
  }
  return found;
}
