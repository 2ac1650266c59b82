// Bodies are JSON or nothing: other content types are refused, and an empty body is no body whatever its type says.
import type { FastifyInstance } from 'fastify';
import { limits } from '../../base/limits.ts';

/** Takes `application/json`, or these `mediaTypes`, up to `limits.apiBodyBytesMax` unless a route says otherwise. */
export function acceptJsonBodies(app: FastifyInstance, mediaTypes = ['application/json']): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>(
    mediaTypes,
    { parseAs: 'string', bodyLimit: limits.apiBodyBytesMax },
    (request, body, done) => {
      if (body.length === 0) done(null, undefined);
      else void parseJson(request, body, done);
    },
  );
}
