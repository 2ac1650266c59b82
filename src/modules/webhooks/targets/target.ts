// A target: a URL that is told about events, of a whole account (an endpoint) or of one resource (a callback).
import type { EventType } from '../../events/index.ts';
import type { DialectName } from '../dialects/dialect.ts';

export type Target = {
  /** `whk_…`. */
  id: string;
  accountId: string;
  /** Null for an endpoint, which is told about the whole account. */
  resourceId: string | null;
  /** What a callback is about, in the words of who set it: one callback for each resource and topic. Null for an endpoint. */
  topic: string | null;
  url: string;
  method: 'GET' | 'POST';
  dialect: DialectName;
  /** Null for all. */
  types: EventType[] | null;
  description: string | null;
  /** Nothing is sent to a disabled one. */
  enabled: boolean;
  createdAt: Date;
};

export type Endpoint = Target & { resourceId: null };

export type Callback = Target & { resourceId: string; topic: string };

export type TargetRow = {
  id: string;
  account_id: string;
  resource_id: string | null;
  topic: string | null;
  url: string;
  method: Target['method'];
  dialect: DialectName;
  types: EventType[] | null;
  description: string | null;
  enabled: boolean;
  created_at: Date;
};

/** The columns of a `TargetRow`, of a table named `t`. */
export const targetColumns = `
  t.id, t.account_id, t.resource_id, t.topic, t.url, t.method, t.dialect, t.types, t.description, t.enabled,
  t.created_at`;

export function readTarget(row: TargetRow): Target {
  const { id, topic, url, method, dialect, types, description, enabled } = row;
  const { account_id: accountId, resource_id: resourceId, created_at: createdAt } = row;
  return {
    id,
    accountId,
    resourceId,
    topic,
    url,
    method,
    dialect,
    types,
    description,
    enabled,
    createdAt,
  };
}

/** Whoever makes or ends an endpoint of an account waits for whoever is at it. */
export const lockEndpointsText = `select pg_advisory_xact_lock(hashtextextended('webhooks.targets ' || $1::text, 0))`;

export const endpointsPerAccountMax = 20;
export const callbacksPerResourceMax = 20;
