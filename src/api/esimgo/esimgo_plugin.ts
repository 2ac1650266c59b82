// The eSIM Go API as one encapsulated plugin: its authentication, its bodies, its errors, its routes.
import type { FastifyInstance, FastifyPluginCallback } from 'fastify';
import type { Core } from '../http/core.ts';
import { registerRoutes } from './register_routes.ts';
import type { Route } from './route.ts';
import { routes as allRoutes } from './routes.ts';
import { answerEsimGoErrors, EsimGoRefusal } from './wire/errors.ts';
import { acceptBodies } from './wire/read_bodies.ts';

/** To be registered with the prefix `esimGoPrefix`. Routes have no version there: `esimGoVersion` says what to leave out. */
export function esimGo(core: Core, routes: readonly Route[] = allRoutes): FastifyPluginCallback {
  return (app, _options, done) => {
    app.decorateRequest('esimGoCredential', null);
    acceptBodies(app);
    answerEsimGoErrors(app, core);
    answerUnknownPaths(app);
    registerRoutes(app, core, routes);
    done();
  };
}

/** Where the door is on every host that is not its own. */
export const esimGoPrefix = '/esimgo';

/** What its clients write before its paths, at the root or below the prefix: all of these versions are one. */
export const esimGoVersion = /^(?:\/esimgo)?\/v2\.[0-5](?=[/?]|$)/;

/** Before the body is looked at: one of a type that we do not read does not matter where nothing is. */
function answerUnknownPaths(app: FastifyInstance): void {
  const refuse = (method: string, url: string) => {
    const path = (url.split('?', 1)[0] ?? '').slice(0, pathCharsMax);
    throw new EsimGoRefusal(404, `There is no ${method} ${path}. Paths are like /v2.4/catalogue.`);
  };
  app.addHook('onRequest', async (request) => {
    if (request.is404) refuse(request.method, request.originalUrl);
  });
  app.setNotFoundHandler((request) => refuse(request.method, request.originalUrl));
}

const pathCharsMax = 200;
