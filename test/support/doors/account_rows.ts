// What an account's business has left in the database, without ids, times and secrets: two accounts that did the same have the same.

import type { Database } from '../../../src/pg/database.ts';
import { query } from '../../../src/pg/query.ts';

/** Rows by what they are about. Things are called by the order in which they are first named: `esim 1`, `iccid 1`. */
export async function readAccountRows(database: Database, accountId: string): Promise<Record<string, Row[]>> {
  const call = createNames();
  const read: Record<string, Row[]> = {};
  for (const [name, { text, without = [] }] of Object.entries(tables)) {
    const rows = await query<{ row: Row }>(database.kysely, text, [accountId]);
    read[name] = rows.map(({ row }) => call(leaveOut(row, without)) as Row);
  }
  return read;
}

type Row = Record<string, unknown>;

/** In an order that is that of the story. Left out is what only some dialects ask for, and what is drawn by lot. */
const tables: Record<string, { text: string; without?: readonly string[] }> = {
  orders: {
    text: 'select to_jsonb(o) as row from orders.orders o where account_id = $1 order by id',
    // Connect asks which device it is for.
    without: ['input_hash', 'device'],
  },
  esims: {
    text: 'select to_jsonb(e) as row from esims.esims e where account_id = $1 order by id',
    without: ['install_token'],
  },
  profiles: {
    text: 'select to_jsonb(p) as row from smdp.profiles p where account_id = $1 order by iccid',
    // Super SIM writes the host of a code in capitals, for which a card tells its installation once more.
    without: [
      'last_seq_number',
      'binding_key',
      'euicc_otpk',
      'metadata',
      'protected_package',
      'protection_keys',
      'last_result',
    ],
  },
  sims: {
    text: 'select to_jsonb(s) as row from sims.sims s where account_id = $1 order by id',
    without: ['sqn', 'ip_v4', 'ip_v6', 'core_version'],
  },
  bundles: { text: 'select to_jsonb(b) as row from bundles.bundles b where account_id = $1 order by id' },
  lots: { text: 'select to_jsonb(l) as row from orders.bundle_lots l where account_id = $1 order by id' },
  volumes: { text: 'select to_jsonb(v) as row from orders.volumes v where account_id = $1 order by product' },
  wallets: { text: 'select to_jsonb(w) as row from ledger.wallets w where account_id = $1' },
  transfers: {
    text: 'select to_jsonb(t) as row from ledger.transfers t where account_id = $1 order by position',
    without: ['position'],
  },
  usage: {
    text: `select to_jsonb(u) as row from (
      select kind, country, network, source, bundle_ids, sum(bytes_down) as bytes_down, sum(bytes_up) as bytes_up,
        sum(units) as units
      from usage.records where account_id = $1
      group by kind, country, network, source, bundle_ids order by bundle_ids) u`,
  },
  hours: {
    text: `select to_jsonb(h) as row from (
      select sim_id, country, network, fleet_id, sum(bytes_down) as bytes_down, sum(bytes_up) as bytes_up
      from usage.hours where account_id = $1 group by sim_id, country, network, fleet_id) h`,
  },
  events: {
    text: 'select to_jsonb(e) as row from events.events e where account_id = $1 order by position',
    without: ['position', 'tx'],
  },
};

function leaveOut(row: Row, without: readonly string[]): Row {
  return Object.fromEntries(Object.entries(row).filter(([column]) => !without.includes(column)));
}

/** A function that puts names in place of ids, numbers and times, however deep. */
function createNames(): (value: unknown) => unknown {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  const nameOf = (kind: string, found: string) => {
    const known = names.get(found);
    if (known !== undefined) return known;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    names.set(found, `${kind} ${count}`);
    return `${kind} ${count}`;
  };
  const call = (value: unknown): unknown => {
    if (typeof value === 'string') return callText(value, nameOf);
    if (Array.isArray(value)) return value.map(call);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, call(each)]));
  };
  return call;
}

function callText(text: string, nameOf: (kind: string, found: string) => string): string {
  const [, kind] = kinds.find(([pattern]) => pattern.test(text)) ?? [];
  if (kind === undefined) return text;
  return kind === 'time' || kind === 'request' ? kind : nameOf(kind, text);
}

/** What is named whole, by its form. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^\d{4}-\d{2}-\d{2}T/, 'time'],
  [/^req[_-]/, 'request'],
  [/^acc_[0-9a-f]{32}$/, 'account'],
  [/^key_[0-9a-f]{32}$|^api_key:/, 'key'],
  [/^\d{19,20}$/, 'iccid'],
  [/^\d{32}$/, 'eid'],
  [/^\d{15}$/, 'imsi'],
  [/^\+\d{13}$/, 'msisdn'],
  [/^LPA:1\$/, 'code'],
  [/^[0-9A-Z]+(-[0-9A-Z]+){2,}$/, 'matching id'],
  [/^[a-z]{3,4}_[0-9a-f]{32}$/, 'id'],
];
