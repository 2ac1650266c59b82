// What a subscriber of Open5GS looks like in its database. Integers are Int32: the core passes over any other number.
import type { Int32, Long } from 'mongodb';
import { toHex } from '../../../base/bytes.ts';
import type { Subscriber } from './mobile_core.ts';
import type { SubscriberDocument } from './open5gs_collection.ts';

export type BsonTypes = { Int32: typeof Int32; Long: typeof Long };

/** Where a subscriber that may not attach keeps its keys: without `security` the core knows no way to let it in. */
export const parkedKeys = 'overair_parked_security';

const bitRateUnit = { kbps: 1, gbps: 3 } as const;
const accessRestrictionNonThreeGppHandover = 32;

/** The fields that are ours besides the keys. The core's own (`imeisv`, `mme_host`, …) are left alone. */
export function profileFields(
  { msisdn, apn, enabled, speedKbps }: Subscriber,
  { Int32 }: BsonTypes,
): SubscriberDocument {
  const barred = new Int32(enabled ? 0 : 1);
  const rate =
    speedKbps === null
      ? { value: new Int32(1), unit: new Int32(bitRateUnit.gbps) }
      : { value: new Int32(speedKbps), unit: new Int32(bitRateUnit.kbps) };
  const ambr = { downlink: rate, uplink: rate };
  return {
    msisdn: msisdn === null ? [] : [msisdn],
    ambr,
    slice: [{ sst: new Int32(1), default_indicator: true, session: [sessionFields(apn, ambr, { Int32 })] }],
    subscriber_status: barred,
    operator_determined_barring: barred,
    access_restriction_data: new Int32(accessRestrictionNonThreeGppHandover),
    network_access_mode: new Int32(0),
    subscribed_rau_tau_timer: new Int32(12),
  };
}

/** IPv4 and IPv6 with the best-effort class 9, which neither takes a bearer from others nor keeps its own. */
function sessionFields(apn: string, ambr: SubscriberDocument, { Int32 }: Pick<BsonTypes, 'Int32'>) {
  const arp = {
    priority_level: new Int32(8),
    pre_emption_capability: new Int32(1),
    pre_emption_vulnerability: new Int32(2),
  };
  return { name: apn, type: new Int32(3), qos: { index: new Int32(9), arp }, ambr, pcc_rule: [] };
}

/** The keys under `home`, each a field of its own: to write the object would set the sequence number back. */
export function keyFields({ ki, opc }: Subscriber, home: string): SubscriberDocument {
  return {
    [`${home}.k`]: toHex(ki).toLowerCase(),
    [`${home}.opc`]: toHex(opc).toLowerCase(),
    [`${home}.op`]: null,
    [`${home}.amf`]: '8000',
  };
}

/** The sequence number of a new card. */
export function freshSqn(home: string, { Long }: BsonTypes): SubscriberDocument {
  return { [`${home}.sqn`]: Long.fromNumber(0) };
}

/** What is at a dotted path, or undefined. */
export function fieldAt(document: SubscriberDocument, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, name) => (at as SubscriberDocument | null | undefined)?.[name], document);
}
