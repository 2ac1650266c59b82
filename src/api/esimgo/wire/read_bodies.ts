// Bodies are JSON, whether a client says so, says `text/json`, or says nothing; everything else is refused.
import type { FastifyInstance } from 'fastify';
import { acceptJsonBodies } from '../../http/json_bodies.ts';

/** Takes JSON up to `limits.apiBodyBytesMax`; an empty body is no body, whatever its type. */
export function acceptBodies(app: FastifyInstance): void {
  acceptJsonBodies(app, ['application/json', 'text/json']);
  app.addHook('onRequest', async ({ raw: { headers } }) => {
    if (!headers['content-type'] || headers['content-length'] === '0')
      headers['content-type'] = 'application/json';
  });
}
