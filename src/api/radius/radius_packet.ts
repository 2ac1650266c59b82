// RADIUS packets (RFC 2865 §3, §5): read strictly, proven by the shared secret, answered. Pure functions over bytes.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export type RadiusPacket = {
  code: number;
  id: number;
  authenticator: Buffer;
  attributes: RadiusAttribute[];
  /** Exactly the packet, without padding after it. */
  bytes: Buffer;
};

/** `at` is where the value starts in the packet. */
export type RadiusAttribute = { type: number; value: Buffer; at: number };

export const accountingRequestCode = 4;
const accountingResponseCode = 5;
const headerBytes = 20;
const packetBytesMax = 4096;
const authenticatorAt = 4;
const authenticatorBytes = 16;
const proxyStateType = 33;
const messageAuthenticatorType = 80;

/** Null when a length does not fit: nothing is cut to fit. Bytes after the packet's own length are padding. */
export function readRadiusPacket(datagram: Buffer): RadiusPacket | null {
  if (datagram.length < headerBytes) return null;
  const length = datagram.readUInt16BE(2);
  if (length < headerBytes || length > packetBytesMax || length > datagram.length) return null;
  const bytes = datagram.subarray(0, length);
  const attributes = readAttributes(bytes, headerBytes);
  if (attributes === null) return null;
  return {
    code: bytes.readUInt8(0),
    id: bytes.readUInt8(1),
    authenticator: bytes.subarray(authenticatorAt, headerBytes),
    attributes,
    bytes,
  };
}

/** From `start` to the end: type, length with these two bytes, value. Null when a length does not fit. */
export function readAttributes(bytes: Buffer, start: number): RadiusAttribute[] | null {
  const attributes: RadiusAttribute[] = [];
  for (let at = start; at < bytes.length; ) {
    const length = bytes[at + 1];
    if (length === undefined || length < 2 || at + length > bytes.length) return null;
    attributes.push({ type: bytes.readUInt8(at), value: bytes.subarray(at + 2, at + length), at: at + 2 });
    at += length;
  }
  return attributes;
}

/** Whether an accounting request comes from one who knows the secret (RFC 2866 §3, RFC 3579 §3.2). */
export function isAuthentic(packet: RadiusPacket, secret: string): boolean {
  const blank = Buffer.from(packet.bytes);
  blank.fill(0, authenticatorAt, headerBytes);
  const authenticator = createHash('md5').update(blank).update(secret).digest();
  if (!timingSafeEqual(authenticator, packet.authenticator)) return false;
  return packet.attributes
    .filter(({ type }) => type === messageAuthenticatorType)
    .every((attribute) => isMessageAuthentic(blank, attribute, secret));
}

/** In accounting both authenticators count as zero while this one is made. */
function isMessageAuthentic(blank: Buffer, { value, at }: RadiusAttribute, secret: string): boolean {
  if (value.length !== authenticatorBytes) return false;
  const blanker = Buffer.from(blank).fill(0, at, at + authenticatorBytes);
  return timingSafeEqual(createHmac('md5', secret).update(blanker).digest(), value);
}

/** The answer, with what proxies on the way left in the request for themselves (RFC 2866 §4.2, RFC 2865 §5.33). */
export function writeAccountingResponse(request: RadiusPacket, secret: string): Buffer {
  const proxyStates = request.attributes
    .filter(({ type }) => type === proxyStateType)
    .map(({ value }) => Buffer.concat([Buffer.from([proxyStateType, value.length + 2]), value]));
  const header = Buffer.alloc(headerBytes);
  const bytes = Buffer.concat([header, ...proxyStates]);
  bytes.writeUInt8(accountingResponseCode, 0);
  bytes.writeUInt8(request.id, 1);
  bytes.writeUInt16BE(bytes.length, 2);
  request.authenticator.copy(bytes, authenticatorAt);
  const authenticator = createHash('md5').update(bytes).update(secret).digest();
  authenticator.copy(bytes, authenticatorAt);
  return bytes;
}
