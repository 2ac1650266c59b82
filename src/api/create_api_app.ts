// One server with every door of the API room behind it, each with its own errors; composition decides where it listens.
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { AppError } from '../base/app_error.ts';
import { connect, isOfConnect, sendConnectError } from './connect/index.ts';
import { esimGo, esimGoPrefix, esimGoVersion, sendEsimGoError } from './esimgo/index.ts';
import type { ApiSettings, Core } from './http/core.ts';
import { type Metrics, watchRequests } from './http/metrics.ts';
import { probePaths, probes } from './http/probes_plugin.ts';
import { echoRequestId, requestIdOf } from './http/request_id.ts';
import { rewriteUrl, type UrlRule } from './http/rewrite_url.ts';
import { translateHttpError } from './http/translate_http_error.ts';
import { install } from './install/index.ts';
import { addCorsHeaders, sendSuperSimError, superSim, superSimPrefix } from './supersim/index.ts';
import { answerProblems, docs, sendProblem, v1 } from './v1/index.ts';

export type ApiAppOptions = {
  core: Core;
  /** What each part that is needed says of itself: `ok`, or why not. */
  ready: () => Promise<Record<string, string>>;
  /** From `createMetrics()`; left out, nothing is counted and there is no /metrics. */
  metrics?: Metrics;
  /** PEM; with it the server speaks HTTPS. */
  tls?: { cert: Buffer; key: Buffer };
};

/** A server that does not listen yet; further doors are registered beside. */
export function createApiApp({ core, ready, metrics, tls }: ApiAppOptions): FastifyInstance {
  const { trustProxy } = core.settings;
  const rules = urlRules(core.settings);
  const app: FastifyInstance = fastify({
    https: tls ?? null,
    logger: false,
    trustProxy,
    requestIdHeader: false,
    genReqId: (raw) => requestIdOf(raw.headers['x-request-id'] ?? raw.headers['x-correlation-id']),
    requestTimeout: 60_000,
    rewriteUrl: (request) => rewriteUrl(request, rules, trustProxy),
    // A request line that cannot be routed at all reaches no hook and no error handler.
    frameworkErrors: (error, request, reply) => {
      reply.header('x-request-id', request.id);
      sendUnroutable(core, request, reply, translateHttpError(error));
    },
  });
  echoRequestId(app);
  watchRequests(app, core.log, metrics);
  answerProblems(app, core);
  app.setNotFoundHandler(() => {
    throw new AppError('not_found', 'There is nothing at this address. See /docs.');
  });
  void app.register(probes, { ready, metrics });
  void app.register(docs);
  void app.register(v1(core), { prefix: '/v1' });
  void app.register(superSim(core));
  void app.register(esimGo(core), { prefix: esimGoPrefix });
  void app.register(connect(core));
  void app.register(install(core), { prefix: installPrefix });
  return app;
}

const installPrefix = '/i';

/** Links to install pages are made with the host that was called, so they must work on the hosts of a door that has them. */
function urlRules({ superSimHosts = [], esimGoHosts = [] }: ApiSettings): UrlRule[] {
  return [
    { prefix: superSimPrefix, hosts: superSimHosts, kept: probePaths },
    {
      prefix: esimGoPrefix,
      hosts: esimGoHosts,
      kept: [...probePaths, installPrefix],
      version: esimGoVersion,
    },
  ];
}

/** In the form of the door that was meant. */
function sendUnroutable(core: Core, request: FastifyRequest, reply: FastifyReply, error: AppError): void {
  if (request.url.startsWith(`${superSimPrefix}/`)) {
    addCorsHeaders(request, reply, core.settings.corsOrigins);
    sendSuperSimError(request, reply, error);
  } else if (request.url.startsWith(`${esimGoPrefix}/`)) sendEsimGoError(request, reply, error);
  else if (isOfConnect(request.url)) sendConnectError(request, reply, error);
  else sendProblem(reply, error, request.id);
}
