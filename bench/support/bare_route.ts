// The floor under our API: one fastify route that does no more than the question says.
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import pg from 'pg';
import { answerParent } from './child.ts';

export type BareRoute =
  | { kind: 'parse body'; answer: unknown }
  | { kind: 'read row'; connectionString: string; statement: string; values: readonly string[] };

answerParent(async (route: BareRoute): Promise<{ port: number }> => {
  const app = Fastify({ logger: false });
  if (route.kind === 'parse body') {
    app.post('/v1/orders', (_request, reply) => {
      reply.code(201).send(route.answer);
    });
  } else {
    const pool = new pg.Pool({ connectionString: route.connectionString, max: 10 });
    app.get('/v1/orders/:id', async () => {
      const { rows } = await pool.query({ name: 'row', text: route.statement, values: [...route.values] });
      return rows[0];
    });
  }
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { port: (app.server.address() as AddressInfo).port };
});
