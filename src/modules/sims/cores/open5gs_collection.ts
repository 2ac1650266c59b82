// The subscribers of an Open5GS, where its HSS and UDR read them: three methods of a MongoDB collection.
import { AppError } from '../../../base/app_error.ts';

/** A document with numbers as BSON types them (`Int32`, `Long`): a promoted number would hide a wrong type. */
export type SubscriberDocument = Record<string, unknown>;

/** As in the `mongodb` driver. */
export type SubscriberCollection = {
  updateOne(
    filter: { imsi: string },
    update: Record<string, SubscriberDocument>,
    options?: { upsert?: boolean },
  ): Promise<unknown>;
  findOne(filter: { imsi: string }): Promise<SubscriberDocument | null>;
  deleteOne(filter: { imsi: string }): Promise<unknown>;
};

export type OpenSubscribers = { subscribers: SubscriberCollection; close(): Promise<void> };

const timeoutMs = 3000;
const connectionsMax = 4;
const databaseDefault = 'open5gs';

/** Connects when it is first asked. `uri` is `mongodb://host/database`; it may hold a password, so it is never told. */
export async function openSubscribers(uri: string): Promise<OpenSubscribers> {
  // The driver is loaded only where an Open5GS is connected.
  const { MongoClient } = await import('mongodb');
  const client = new MongoClient(uri, {
    appName: 'overair',
    maxPoolSize: connectionsMax,
    serverSelectionTimeoutMS: timeoutMs,
    connectTimeoutMS: timeoutMs,
    socketTimeoutMS: timeoutMs,
    waitQueueTimeoutMS: timeoutMs,
    promoteValues: false,
  });
  const database = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^/?]+)/.exec(uri)?.[1] ?? databaseDefault;
  const subscribers = client.db(database).collection('subscribers');
  return { subscribers: subscribers as unknown as SubscriberCollection, close: () => client.close() };
}

/**
 * The driver's error as ours: `conflict` when the database refused, else `unavailable`. Its words are left out, since
 * they may quote a document.
 */
export function translateMongoError(error: unknown): unknown {
  if (!(error instanceof Error) || !error.name.startsWith('Mongo')) return error;
  const { code } = error as Error & { code?: unknown };
  const labelled = error as Error & { hasErrorLabel?(label: string): boolean };
  if (error.name !== 'MongoServerError' || labelled.hasErrorLabel?.('RetryableWriteError'))
    return new AppError('unavailable', "Open5GS's database cannot be reached.", { internal: error.name });
  return new AppError('conflict', `Open5GS's database refused the change (code ${String(code)}).`);
}
