// Our own API as one encapsulated plugin: its authentication, its errors, its routes.
import type { FastifyPluginCallback } from 'fastify';
import { AppError } from '../../base/app_error.ts';
import type { Core } from '../http/core.ts';
import { acceptJsonBodies } from '../http/json_bodies.ts';
import { addEventStreams } from './event_stream_plugin.ts';
import { answerProblems } from './problem.ts';
import { registerRoutes } from './register_routes.ts';
import { routes } from './routes.ts';

/** To be registered under the prefix `/v1`, which its answers name. */
export function v1(core: Core): FastifyPluginCallback {
  return (app, _options, done) => {
    app.decorateRequest('credential', null);
    acceptJsonBodies(app);
    app.addContentTypeParser('text/csv', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    addEventStreams(app, core);
    answerProblems(app, core);
    app.setNotFoundHandler(() => {
      throw new AppError('not_found', 'There is nothing at this address. See /docs.');
    });
    registerRoutes(app, core, routes);
    done();
  };
}
