// Open5GS as a mobile core: the documents that its HSS (4G) and UDR (5G) read at each attach. Keys are never logged or told.
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../../base/app_error.ts';
import { checkImsi, checkSubscriber } from './check_subscriber.ts';
import type { MobileCore, Subscriber } from './mobile_core.ts';
import {
  type OpenSubscribers,
  openSubscribers,
  type SubscriberCollection,
  type SubscriberDocument,
  translateMongoError,
} from './open5gs_collection.ts';
import { type BsonTypes, fieldAt, freshSqn, keyFields, parkedKeys, profileFields } from './open5gs_fields.ts';

/** With a URI it connects when it is first used. Written for Open5GS 2.7 and 2.8. */
export function openOpen5gs(source: { uri: string } | { subscribers: SubscriberCollection }): MobileCore {
  let opening: Promise<OpenSubscribers> | undefined;
  const open = () => {
    opening ??=
      'uri' in source ? openSubscribers(source.uri) : Promise.resolve({ ...source, close: async () => {} });
    return opening;
  };
  return {
    name: 'open5gs',
    putSubscriber: (subscriber) =>
      translating(async () => {
        checkSubscriber(subscriber);
        const { subscribers } = await open();
        await putSubscriber(subscribers, subscriber, await import('mongodb'));
        return writeRemarks(subscriber);
      }),
    removeSubscriber: (imsi) =>
      translating(async () => {
        checkImsi(imsi);
        const { subscribers } = await open();
        await removeSubscriber(subscribers, imsi, await import('mongodb'));
      }),
    close: async () => {
      const opened = await opening?.catch(() => undefined);
      await opened?.close();
    },
  };
}

async function putSubscriber(
  subscribers: SubscriberCollection,
  subscriber: Subscriber,
  bson: BsonTypes,
): Promise<void> {
  const { imsi } = subscriber;
  const found = await subscribers.findOne({ imsi });
  if (found) await changeSubscriber(subscribers, subscriber, found, bson);
  else await createSubscriber(subscribers, subscriber, bson);
  const after = await subscribers.findOne({ imsi });
  if (!after || !isAsWanted(after, subscriber, bson))
    throw new AppError(
      'conflict',
      'Open5GS holds something else than it was told: does another program write it?',
    );
}

/** An upsert: the core may make a document without keys for an IMSI that it hears of late. */
async function createSubscriber(subscribers: SubscriberCollection, subscriber: Subscriber, bson: BsonTypes) {
  const home = homeOfKeys(subscriber);
  await subscribers.updateOne(
    { imsi: subscriber.imsi },
    {
      $set: { ...profileFields(subscriber, bson), ...keyFields(subscriber, home) },
      $setOnInsert: { ...freshSqn(home, bson), schema_version: new bson.Int32(1) },
    },
    { upsert: true },
  );
}

/** Keys are written only when they differ, where they are; then the rest and the move of the keys, in one update. */
async function changeSubscriber(
  subscribers: SubscriberCollection,
  subscriber: Subscriber,
  found: SubscriberDocument,
  bson: BsonTypes,
): Promise<void> {
  const { imsi, enabled } = subscriber;
  const home = homeOfKeys(subscriber);
  const here = whereKeysAre(found) ?? home;
  const keys = differing(found, keyFields(subscriber, here));
  if (fieldAt(found, `${here}.sqn`) === undefined) Object.assign(keys, freshSqn(here, bson));
  if (Object.keys(keys).length > 0) await subscribers.updateOne({ imsi }, { $set: keys });

  const mustDetach = !enabled && (whereKeysAre(found) !== home || found['request_cancel_location'] === false);
  const profile = differing(found, profileFields(subscriber, bson));
  const set = mustDetach ? { ...profile, request_cancel_location: false } : profile;
  const update = {
    ...(Object.keys(set).length > 0 && { $set: set }),
    ...(here !== home && { $rename: { [here]: home } }),
    // Somebody gave it keys while ours were parked: theirs are in use.
    ...(here === 'security' && home === here && parkedKeys in found && { $unset: { [parkedKeys]: '' } }),
  };
  if (Object.keys(update).length > 0) await subscribers.updateOne({ imsi }, update);
  if (mustDetach) await subscribers.updateOne({ imsi }, { $set: { request_cancel_location: true } });
}

/** Blocks it first, so that an attached device is sent away where the core watches its database. */
async function removeSubscriber(
  subscribers: SubscriberCollection,
  imsi: string,
  { Int32 }: BsonTypes,
): Promise<void> {
  const found = await subscribers.findOne({ imsi });
  if (!found) return;
  if ('security' in found) {
    const barred = { subscriber_status: new Int32(1), operator_determined_barring: new Int32(1) };
    await subscribers.updateOne(
      { imsi },
      { $set: { ...barred, request_cancel_location: false }, $rename: { security: parkedKeys } },
    );
    await subscribers.updateOne({ imsi }, { $set: { request_cancel_location: true } });
  }
  await subscribers.deleteOne({ imsi });
}

function isAsWanted(after: SubscriberDocument, subscriber: Subscriber, bson: BsonTypes): boolean {
  const home = homeOfKeys(subscriber);
  const wanted = { ...profileFields(subscriber, bson), ...keyFields(subscriber, home) };
  return (
    whereKeysAre(after) === home &&
    fieldAt(after, `${home}.sqn`) !== undefined &&
    Object.keys(differing(after, wanted)).length === 0
  );
}

function homeOfKeys({ enabled }: Subscriber): string {
  return enabled ? 'security' : parkedKeys;
}

function whereKeysAre(document: SubscriberDocument): string | undefined {
  return ['security', parkedKeys].find((name) => name in document);
}

/** Those of `wanted` that `document` has not, with type and value. */
function differing(document: SubscriberDocument, wanted: SubscriberDocument): SubscriberDocument {
  return Object.fromEntries(
    Object.entries(wanted).filter(([path, value]) => !isDeepStrictEqual(fieldAt(document, path), value)),
  );
}

async function translating<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw translateMongoError(error);
  }
}

function writeRemarks({ enabled, speedKbps }: Subscriber): string | null {
  const remarks = [
    !enabled &&
      'Open5GS sends an attached device away only on 4G, and only when its HSS watches the database',
    speedKbps !== null &&
      'Open5GS slows an attached device down at its next attach, unless its HSS watches the database',
  ].filter((remark) => remark !== false);
  return remarks.length > 0 ? remarks.join('; ') : null;
}
