// The Connect API as one encapsulated plugin: its tokens, its errors, its routes, for production and pre-production.
import type { FastifyInstance, FastifyPluginCallback } from 'fastify';
import { AppError } from '../../base/app_error.ts';
import type { Core } from '../http/core.ts';
import { acceptJsonBodies } from '../http/json_bodies.ts';
import { qrPictures } from './qr/qr_plugin.ts';
import { type Entry, registerRoutes } from './register_routes.ts';
import type { Route } from './route.ts';
import { routes as allRoutes } from './routes.ts';
import { type ConnectTokens, createConnectTokens } from './sign_in/connect_tokens.ts';
import { tokenEndpoint } from './sign_in/token_plugin.ts';
import { answerConnectErrors } from './wire/errors.ts';

/** To be registered without a prefix: its clients change nothing but the host, so all its paths are at the root. */
export function connect(core: Core, routes: readonly Route[] = allRoutes): FastifyPluginCallback {
  return (app, _options, done) => {
    const tokens = createConnectTokens(core);
    void app.register(tokenEndpoint(core));
    void app.register(qrPictures(core));
    for (const entry of entries) void app.register(underPrefix(core, { tokens, entry, routes }), entry);
    done();
  };
}

/** True for a URL below what the door has, whether there is something or not. */
export function isOfConnect(url: string): boolean {
  return ownPaths.some((path) => url.startsWith(path));
}

/** The last one is an older name of the first. */
const entries: readonly Entry[] = [
  { prefix: '/connect-api', isPreproduction: false },
  { prefix: '/connect-api-preprod', isPreproduction: true },
  { prefix: '/esim', isPreproduction: false },
];

const ownPaths = [...entries.map(({ prefix }) => `${prefix}/`), '/connect/', '/qrcode/'];

function underPrefix(
  core: Core,
  of: { tokens: ConnectTokens; entry: Entry; routes: readonly Route[] },
): FastifyPluginCallback {
  return (app, _options, done) => {
    app.decorateRequest('connectCredential', null);
    acceptJsonBodies(app);
    echoCorrelation(app);
    answerConnectErrors(app, core);
    answerUnknownPaths(app);
    registerRoutes(app, core, of);
    done();
  };
}

/** What the client sent is the id of the request, in events and logs too; see `requestIdOf`. */
function echoCorrelation(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, next) => {
    reply.header('x-correlation-id', request.id);
    next();
  });
}

/** Before the body is looked at: one of a type that we do not read does not matter where nothing is. */
function answerUnknownPaths(app: FastifyInstance): void {
  const refuse = () => {
    throw new AppError('not_found', 'There is nothing at this path. Paths are like /connect-api/v1/order.');
  };
  app.addHook('onRequest', async (request) => {
    if (request.is404) refuse();
  });
  app.setNotFoundHandler(refuse);
}
