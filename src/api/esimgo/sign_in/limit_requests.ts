// Each key has its share of requests a second, however many nodes it asks.
import type { FastifyRequest } from 'fastify';
import { present } from '../../../base/assert.ts';
import { spendRequest } from '../../../modules/accounts/index.ts';
import { type Core, ctxFor } from '../../http/core.ts';

/** A hook behind `authenticate`. Throws `rate_limited` for a key that has spent what it had. */
export function limitRequests(core: Core) {
  const { esimGoRequestsPerSecond: perSecond = 0 } = core.settings;
  return async (request: FastifyRequest): Promise<void> => {
    if (perSecond === 0) return;
    const { apiKeyId } = present(request.esimGoCredential, 'a credential after authentication');
    // A request more after a crash costs nobody anything: the commit need not reach the disk.
    const ctx = { ...ctxFor(core, request), db: core.database.relaxed };
    await spendRequest(ctx, { apiKeyId, perSecond });
  };
}
