// For tests: events of an account, endpoints on loopback, and a desk that may call them.
import { after } from 'node:test';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { write } from '../../pg/write.ts';
import { type EventType, emit } from '../events/index.ts';
import type { Delivery, DeliveryRow } from './delivery/delivery.ts';
import { deliveryColumns, readDelivery } from './delivery/delivery.ts';
import { createDeliveryDesk, type DeliveryDesk, type DeskOptions } from './delivery/delivery_desk.ts';
import { fanOut } from './fan_out.ts';
import { createOutgoing, type OutgoingOptions } from './outgoing/send_request.ts';
import { createEndpoint, type NewEndpoint } from './targets/create_endpoint.ts';
import type { Endpoint } from './targets/target.ts';

export const hourMs = 3_600_000;

/** `ctx` so many milliseconds later. */
export function later(ctx: Ctx, ms: number): Ctx {
  return { ...ctx, now: new Date(ctx.now.getTime() + ms) };
}

/** Records one event for each resource, in this order, each in a transaction of its own. */
export async function happen(ctx: Ctx, accountId: string, ...resourceIds: string[]): Promise<void> {
  for (const resourceId of resourceIds) await happenAs(ctx, accountId, 'esim.installed', resourceId);
}

export async function happenAs(
  ctx: Ctx,
  accountId: string,
  type: EventType,
  resourceId: string,
  data: Record<string, unknown> = {},
): Promise<void> {
  await write(ctx, {}, (tx) => emit(tx, { accountId, type, resourceId, data }));
}

export async function addEndpoint(
  ctx: Ctx,
  accountId: string,
  url: string,
  more: Partial<NewEndpoint> = {},
): Promise<{ endpoint: Endpoint; secret: string }> {
  const input = { accountId, url, types: null, description: null, enabled: true, ...more };
  return await write(ctx, {}, (tx) => createEndpoint(tx, input));
}

/** A desk that may call loopback; it does not wait long for answers. */
export function openDesk(options: Partial<DeskOptions> & OutgoingOptions = {}): DeliveryDesk {
  const { timeoutMs = 2_000, ...rest } = options;
  const outgoing = createOutgoing({ allowedNetworks: ['127.0.0.0/8'], timeoutMs });
  after(() => outgoing.close());
  return createDeliveryDesk({ outgoing, ...rest });
}

/** Passes on all events, delivers all that is due at `ctx.now`, and waits for the answers. */
export async function tellAll(ctx: Ctx, desk: DeliveryDesk): Promise<void> {
  while ((await fanOut(ctx)) > 0);
  await deliverAll(ctx, desk);
}

export async function deliverAll(ctx: Ctx, desk: DeliveryDesk): Promise<void> {
  for (let count = 1; count > 0; ) {
    count = await desk.deliverDue(ctx);
    await desk.settle();
  }
}

/** The account's deliveries in the order of the events. */
export async function deliveriesOf(ctx: Ctx, accountId: string): Promise<Delivery[]> {
  const rows = await query<DeliveryRow>(
    ctx.db,
    `select ${deliveryColumns} from webhooks.deliveries d where d.account_id = $1 order by d.event_position`,
    [accountId],
  );
  return rows.map(readDelivery);
}
