// For tests: a collection that applies updates as MongoDB does and keeps every document as real BSON.
import { BSON } from 'mongodb';
import type { SubscriberCollection, SubscriberDocument } from './open5gs_collection.ts';
import { fieldAt } from './open5gs_fields.ts';

export type TestSubscribers = SubscriberCollection & {
  /** Every update, as it came. */
  updates: Record<string, SubscriberDocument>[];
  /** Each state that a document was in after an update or a delete. */
  states: (SubscriberDocument | null)[];
  /** As the core or another program writes it. */
  put(document: SubscriberDocument & { imsi: string }): void;
  get(imsi: string): SubscriberDocument | null;
};

export function createTestSubscribers(): TestSubscribers {
  const stored = new Map<string, Uint8Array>();
  const updates: Record<string, SubscriberDocument>[] = [];
  const states: (SubscriberDocument | null)[] = [];
  const get = (imsi: string) => {
    const bytes = stored.get(imsi);
    return bytes ? BSON.deserialize(bytes, { promoteValues: false }) : null;
  };
  const put = (document: SubscriberDocument & { imsi: string }) => {
    stored.set(document.imsi, BSON.serialize(document));
  };
  return {
    updates,
    states,
    get,
    put,
    async updateOne({ imsi }, update, options = {}) {
      refuseConflicts(update);
      updates.push(update);
      const found = get(imsi);
      if (!found && !options.upsert) return { matchedCount: 0 };
      const document = found ?? { imsi };
      if (!found) setAll(document, update['$setOnInsert']);
      setAll(document, update['$set']);
      for (const [from, to] of Object.entries(update['$rename'] ?? {})) rename(document, from, to as string);
      for (const name of Object.keys(update['$unset'] ?? {})) delete document[name];
      put({ ...document, imsi });
      states.push(get(imsi));
      return { matchedCount: found ? 1 : 0 };
    },
    findOne: async ({ imsi }) => get(imsi),
    async deleteOne({ imsi }) {
      stored.delete(imsi);
      states.push(null);
      return {};
    },
  };
}

function setAll(document: SubscriberDocument, fields: SubscriberDocument = {}): void {
  for (const [path, value] of Object.entries(fields)) {
    const names = path.split('.');
    const last = names.pop() as string;
    let at = document;
    for (const name of names) {
      at[name] ??= {};
      at = at[name] as SubscriberDocument;
    }
    at[last] = value;
  }
}

/** Nothing when the field is not there; a field of the new name is replaced. */
function rename(document: SubscriberDocument, from: string, to: string): void {
  if (fieldAt(document, from) === undefined) return;
  document[to] = document[from];
  delete document[from];
}

/** Two operators of one update may not touch the same path, nor one path the inside of another. */
function refuseConflicts(update: Record<string, SubscriberDocument>): void {
  const paths = Object.entries(update).flatMap(([operator, fields]) => [
    ...Object.keys(fields),
    ...(operator === '$rename' ? (Object.values(fields) as string[]) : []),
  ]);
  if (Object.values(update).some((fields) => Object.keys(fields).length === 0))
    throw Object.assign(new Error('an update operator is empty'), { name: 'MongoServerError', code: 9 });
  for (const [index, path] of paths.entries())
    for (const other of paths.slice(index + 1))
      if (`${path}.`.startsWith(`${other}.`) || `${other}.`.startsWith(`${path}.`))
        throw Object.assign(new Error(`conflict at '${path}'`), { name: 'MongoServerError', code: 40 });
}
