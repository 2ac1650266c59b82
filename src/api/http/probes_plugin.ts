// Probes for those who run us: alive, ready, and the metrics.
import type { FastifyPluginCallback } from 'fastify';
import type { Metrics } from './metrics.ts';

export type ProbesOptions = {
  /** What each part that is needed says of itself: `ok`, or why not. */
  ready: () => Promise<Record<string, string>>;
  /** Left out: there is no /metrics. */
  metrics?: Metrics | undefined;
};

/** They answer on every host, also on those of one door. */
export const probePaths = ['/healthz', '/readyz', '/metrics'];

/** `GET /healthz`, `/readyz` (503 until every part is `ok`), `/metrics`. */
export const probes: FastifyPluginCallback<ProbesOptions> = (app, { ready, metrics }, done) => {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('cache-control', 'no-store');
    done();
  });
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const parts = await ready();
    const isReady = Object.values(parts).every((state) => state === 'ok');
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ok' : 'not ready', parts });
  });
  if (metrics !== undefined) {
    const { registry } = metrics;
    app.get('/metrics', async (_request, reply) =>
      reply.type(registry.contentType).send(await registry.metrics()),
    );
  }
  done();
};
