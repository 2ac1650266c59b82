// For tests: a callback set as an account sets it, and told to receivers on loopback.
import { after } from 'node:test';
import { type DoorSettings, putDoor } from '../../../modules/accounts/index.ts';
import {
  createDeliveryDesk,
  createOutgoing,
  esimGoTypes,
  fanOut,
  putDialectEndpoint,
  useOutgoing,
} from '../../../modules/webhooks/index.ts';
import type { Ctx } from '../../../pg/ctx.ts';
import { write } from '../../../pg/write.ts';
import { esimGoDialects } from './dialect.ts';

/** The callback of this account, and a desk that may call loopback. */
export function openCallbacks(
  ctx: Ctx,
  { accountId, url }: { accountId: string; url: string },
): TestCallbacks {
  const outgoing = createOutgoing({ allowedNetworks: ['127.0.0.1'], timeoutMs: 2_000 });
  useOutgoing(ctx, outgoing);
  after(() => outgoing.close());
  const desk = createDeliveryDesk({ outgoing, dialects: esimGoDialects() });
  return {
    async set(settings, secret = null) {
      await write(ctx, {}, async (tx) => {
        await putDoor(tx, { accountId, door: 'esimgo', settings });
        await putDialectEndpoint(tx, { accountId, dialect: 'esim_go', url, types: esimGoTypes, secret });
      });
    },
    async tellAll() {
      const at = { ...ctx, now: new Date() };
      while ((await fanOut(at)) > 0);
      while ((await desk.deliverDue(at)) > 0) await desk.settle();
    },
  };
}

export type TestCallbacks = {
  /** Sets `url` as the callback, signed with `secret`. */
  set(settings: Partial<DoorSettings['esimgo']>, secret?: string | null): Promise<void>;
  /** Passes on all events, and sends all that is due. */
  tellAll(): Promise<void>;
};
