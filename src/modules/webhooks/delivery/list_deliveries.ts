// Deliveries of one target, and the log of what was tried.
import { AppError } from '../../../base/app_error.ts';
import { limits } from '../../../base/limits.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { query } from '../../../pg/query.ts';
import {
  type Delivery,
  type DeliveryRow,
  type DeliveryState,
  deliveryColumns,
  readDelivery,
} from './delivery.ts';

/** The target's deliveries, newest first, behind the id `before`; `limit` at most `limits.pageSizeMax`. An unknown target has none. */
export async function listDeliveries(ctx: Ctx, filter: DeliveryFilter): Promise<Delivery[]> {
  const rows = await query<DeliveryRow>(ctx.db, selectDeliveries, [
    filter.accountId,
    filter.targetId,
    filter.state ?? null,
    filter.before ?? 'dlv_~',
    Math.min(filter.limit ?? limits.pageSizeDefault, limits.pageSizeMax),
  ]);
  return rows.map(readDelivery);
}

export type DeliveryFilter = {
  accountId: string;
  targetId: string;
  state?: DeliveryState;
  before?: string;
  limit?: number;
};

/** One delivery with its attempts, oldest first, the last `attemptsShownMax` of them. Throws `not_found`. */
export async function getDelivery(
  ctx: Ctx,
  of: { accountId: string; targetId: string; id: string },
): Promise<{ delivery: Delivery; attempts: LoggedAttempt[] }> {
  const [row] = await query<DeliveryRow>(ctx.db, selectDelivery, [of.accountId, of.targetId, of.id]);
  if (!row) throw noDelivery();
  const attempts = await query<AttemptRow>(ctx.db, selectAttempts, [of.id, attemptsShownMax]);
  return { delivery: readDelivery(row), attempts: attempts.map(readAttempt).reverse() };
}

export type LoggedAttempt = {
  /** From 1. */
  number: number;
  at: Date;
  durationMs: number;
  status: number | null;
  error: string | null;
  answer: string | null;
};

export const attemptsShownMax = 100;

export function noDelivery(): AppError {
  return new AppError('not_found', 'There is no such delivery.');
}

type AttemptRow = {
  number: number;
  at: Date;
  duration_ms: number;
  status: number | null;
  error: string | null;
  answer: string | null;
};

function readAttempt({ duration_ms: durationMs, ...row }: AttemptRow): LoggedAttempt {
  return { ...row, durationMs };
}

const selectDeliveries = `
  select ${deliveryColumns} from webhooks.deliveries d
  where d.target_id = $2 and d.account_id = $1 and d.id < $4 and ($3::text is null or d.state = $3)
  order by d.id desc limit $5`;

const selectDelivery = `
  select ${deliveryColumns} from webhooks.deliveries d
  where d.id = $3 and d.target_id = $2 and d.account_id = $1`;

const selectAttempts = `
  select number, at, duration_ms, status, error, answer from webhooks.attempts
  where delivery_id = $1 order by number desc limit $2`;
