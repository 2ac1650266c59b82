// For tests of doors: what is to be told to callbacks is told when a test asks for it, to receivers on loopback.
import { after } from 'node:test';
import {
  createDeliveryDesk,
  createOutgoing,
  type Dialects,
  fanOut,
  useOutgoing,
} from '../../modules/webhooks/index.ts';
import type { Ctx } from '../../pg/ctx.ts';

/** `publicHosts` are found at a public address, and all others nowhere. The result passes on all events, and sends all that is due. */
export function openTestDesk(
  ctx: Ctx,
  dialects: Partial<Dialects>,
  publicHosts: readonly string[] = [],
): (now?: Date) => Promise<void> {
  const outgoing = createOutgoing({
    allowedNetworks: ['127.0.0.1'],
    timeoutMs: 2_000,
    resolve: async (name) => {
      if (!publicHosts.includes(name)) throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
      return [{ address: '93.184.216.34', family: 4 }];
    },
  });
  useOutgoing(ctx, outgoing);
  after(() => outgoing.close());
  const desk = createDeliveryDesk({ outgoing, dialects });
  return async (now = ctx.now) => {
    const at = { ...ctx, now };
    while ((await fanOut(at)) > 0);
    while ((await desk.deliverDue(at)) > 0) await desk.settle();
  };
}
