// What an accounting packet says, in our words (RFC 2866, RFC 2869; 3GPP attributes: TS 29.061 §16.4.7).
import type { RadiusAccounting, RadiusStatus } from '../../modules/usage/index.ts';
import { type RadiusAttribute, type RadiusPacket, readAttributes } from './radius_packet.ts';

const statuses: Record<number, RadiusStatus> = { 1: 'start', 2: 'stop', 3: 'interim', 7: 'on', 8: 'off' };
const clockErrorMsMax = 86_400_000;
const delaySecondsMax = 30 * 86_400;
/** 8 PiB in one session: beyond it no counter is believed, and JSON numbers would lose digits. */
const octetsMax = 2n ** 53n - 1n;
const nameBytesMax = 253;

const type = {
  nasIpAddress: 4,
  framedIpAddress: 8,
  vendorSpecific: 26,
  nasIdentifier: 32,
  statusType: 40,
  delayTime: 41,
  inputOctets: 42,
  outputOctets: 43,
  sessionId: 44,
  inputGigawords: 52,
  outputGigawords: 53,
  eventTimestamp: 55,
  nasIpv6Address: 95,
} as const;
const vendor3gpp = 10415;
const threeGpp = { imsi: 1, sgsnMccMnc: 18 } as const;

/**
 * `from` is the address it came from, `now` when. Gives 'unsupported' for a status that is about neither a session nor
 * the NAS (tunnels, failures), and null when it is not what the RFCs allow.
 */
export function readAccounting(
  packet: RadiusPacket,
  { from, now }: { from: string; now: Date },
): RadiusAccounting | 'unsupported' | null {
  const fields = readFields(packet);
  const statusType = fields?.integers.get(type.statusType);
  if (!fields || statusType === undefined) return null;
  const status = statuses[statusType];
  if (status === undefined) return 'unsupported';
  const sessionId = fields.get(type.sessionId);
  const ofSession = status !== 'on' && status !== 'off';
  if (ofSession && !sessionId?.length) return null;
  const inputOctets = readOctets(fields, type.inputOctets, type.inputGigawords);
  const outputOctets = readOctets(fields, type.outputOctets, type.outputGigawords);
  if ((inputOctets ?? 0n) > octetsMax || (outputOctets ?? 0n) > octetsMax) return null;
  const network = fields.vendorText(threeGpp.sgsnMccMnc, /^(\d{3})(\d{2,3})[Ff]?$/);
  return {
    nas: readNas(fields) ?? from,
    sessionId: ofSession && sessionId ? readName(sessionId) : '',
    status,
    imsi: fields.vendorText(threeGpp.imsi, /^(\d{6,15})$/)?.[1] ?? null,
    at: readTime(fields, now),
    inputOctets,
    outputOctets,
    gigawordsPresent: fields.integers.has(type.inputGigawords) || fields.integers.has(type.outputGigawords),
    mcc: network?.[1] ?? null,
    mnc: network?.[2] ?? null,
    framedIp: readIpv4(fields.get(type.framedIpAddress)),
  };
}

type Fields = {
  get(type: number): Buffer | undefined;
  integers: Map<number, number>;
  vendorText(type: number, form: RegExp): RegExpExecArray | null;
};

const integerTypes: readonly number[] = [
  type.statusType,
  type.delayTime,
  type.inputOctets,
  type.outputOctets,
  type.inputGigawords,
  type.outputGigawords,
  type.eventTimestamp,
];

/** The first of each attribute. Null when an integer has not 4 bytes or the 3GPP part is malformed. */
function readFields({ attributes }: RadiusPacket): Fields | null {
  const vendor = read3gpp(attributes);
  const integers = attributes.filter((each) => integerTypes.includes(each.type));
  if (vendor === null || integers.some(({ value }) => value.length !== 4)) return null;
  const values = firstOfEach(attributes);
  const vendorValues = firstOfEach(vendor);
  return {
    get: (wanted) => values.get(wanted),
    integers: new Map(integers.toReversed().map((each) => [each.type, each.value.readUInt32BE(0)])),
    vendorText: (wanted, form) => {
      const value = vendorValues.get(wanted);
      // Some NAS end their strings as C does.
      return value ? form.exec(value.toString('latin1').replace(/\0$/, '')) : null;
    },
  };
}

/** All sub-attributes of 3GPP; those of other vendors have forms of their own and are passed over. */
function read3gpp(attributes: RadiusAttribute[]): RadiusAttribute[] | null {
  const found: RadiusAttribute[] = [];
  for (const { type: each, value } of attributes) {
    if (each !== type.vendorSpecific) continue;
    if (value.length < 4) return null;
    if (value.readUInt32BE(0) !== vendor3gpp) continue;
    const inner = readAttributes(value, 4);
    if (inner === null) return null;
    found.push(...inner);
  }
  return found;
}

function firstOfEach(attributes: RadiusAttribute[]): Map<number, Buffer> {
  return new Map(attributes.toReversed().map((each) => [each.type, each.value]));
}

function readOctets({ integers }: Fields, low: number, high: number): bigint | null {
  const octets = integers.get(low);
  const gigawords = integers.get(high);
  if (octets === undefined && gigawords === undefined) return null;
  return (BigInt(gigawords ?? 0) << 32n) + BigInt(octets ?? 0);
}

/**
 * The time of the event as the NAS says it, unless its clock, which is that time and the delay since, is a day off; then
 * the time of arrival without the delay.
 */
function readTime({ integers }: Fields, now: Date): Date {
  const delaySeconds = integers.get(type.delayTime) ?? 0;
  const delayMs = delaySeconds > delaySecondsMax ? 0 : delaySeconds * 1000;
  const eventSeconds = integers.get(type.eventTimestamp);
  const eventMs = eventSeconds === undefined ? Number.NaN : eventSeconds * 1000;
  const believed = Math.abs(eventMs + delayMs - now.getTime()) <= clockErrorMsMax;
  return new Date(believed ? Math.min(eventMs, now.getTime()) : now.getTime() - delayMs);
}

function readNas(fields: Fields): string | null {
  const identifier = fields.get(type.nasIdentifier);
  if (identifier?.length) return readName(identifier);
  const ipv6 = fields.get(type.nasIpv6Address);
  return readIpv4(fields.get(type.nasIpAddress)) ?? (ipv6?.length === 16 ? readIpv6(ipv6) : null);
}

/** As text when it is plain text, else as hex: a database cannot keep every byte. */
function readName(value: Buffer): string {
  const text = value.toString('latin1');
  return /^[!-~]([ -~]*[!-~])?$/.test(text) && value.length <= nameBytesMax
    ? text
    : `0x${value.toString('hex')}`;
}

function readIpv4(value: Buffer | undefined): string | null {
  return value?.length === 4 ? value.join('.') : null;
}

function readIpv6(value: Buffer): string {
  return (value.toString('hex').match(/.{4}/g) ?? []).join(':');
}
