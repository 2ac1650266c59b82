// Each request has an id: the one its client gave if it is sane, else a new one; it is echoed in every answer.
import type { FastifyInstance } from 'fastify';
import { newId } from '../../base/ids.ts';

/** The id of a request with this `X-Request-Id` header: 1 to 128 visible ASCII characters are taken as they are. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && /^[\x21-\x7e]{1,128}$/.test(header) ? header : newId('request');
}

/** Answers `X-Request-Id` from here on, also with errors and streams. */
export function echoRequestId(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
}
