// The Super SIM API of Twilio and KORE as one encapsulated plugin: its authentication, its errors, its routes.
import type { FastifyInstance, FastifyPluginCallback } from 'fastify';
import { AppError } from '../../base/app_error.ts';
import type { Core } from '../http/core.ts';
import { registerRoutes } from './register_routes.ts';
import type { Route } from './route.ts';
import { routes as allRoutes } from './routes.ts';
import { createAccessTokens } from './sign_in/access_token.ts';
import { tokenEndpoints } from './sign_in/token_plugin.ts';
import { allowOrigins } from './wire/cors.ts';
import { answerSuperSimErrors } from './wire/errors.ts';
import { acceptForms } from './wire/read_forms.ts';

/** To be registered without a prefix: the door is under `/supersim`, and clients ask for tokens at the root too. */
export function superSim(core: Core, routes: readonly Route[] = allRoutes): FastifyPluginCallback {
  return (app, _options, done) => {
    void app.register(tokenEndpoints(core));
    void app.register(underPrefix(core, routes), { prefix: superSimPrefix });
    done();
  };
}

/** Where the door is on every host that is not its own. */
export const superSimPrefix = '/supersim';

function underPrefix(core: Core, routes: readonly Route[]): FastifyPluginCallback {
  return (app, _options, done) => {
    app.decorateRequest('superSimCaller', null);
    acceptForms(app);
    allowOrigins(app, core.settings);
    answerSuperSimErrors(app, core);
    answerUnknownPaths(app);
    void app.register(tokenEndpoints(core));
    void app.register(v1(core, routes), { prefix: '/v1' });
    done();
  };
}

/** Before the body is looked at: one of a type that we do not read does not matter where nothing is. */
function answerUnknownPaths(app: FastifyInstance): void {
  const refuse = () => {
    throw new AppError('not_found');
  };
  app.addHook('onRequest', async (request) => {
    if (request.is404) refuse();
  });
  app.setNotFoundHandler(refuse);
}

function v1(core: Core, routes: readonly Route[]): FastifyPluginCallback {
  return (app, _options, done) => {
    registerRoutes(app, core, createAccessTokens(core), routes);
    done();
  };
}
