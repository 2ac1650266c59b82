// A known path with a method it does not have answers 405 and says which it has, before any body is read.
import type { FastifyInstance, HTTPMethods } from 'fastify';
import { AppError } from '../../base/app_error.ts';

/** Adds routes to `app` for every usual method that a path of `routes` does not have. Throws `method_not_allowed` there. */
export function refuseOtherMethods(
  app: FastifyInstance,
  routes: readonly { method: string; url: string }[],
): void {
  for (const [url, sameUrl] of Map.groupBy(routes, (route) => route.url)) {
    const methods = sameUrl.map((route) => route.method);
    const allowed = methods.includes('GET') ? [...methods, 'HEAD'] : methods;
    const allow = allowed.join(', ');
    app.route({
      method: usualMethods.filter((method) => !allowed.includes(method)),
      url,
      onRequest: (_request, reply, done) => {
        reply.header('allow', allow);
        done(new AppError('method_not_allowed', `This resource has ${allow}.`));
      },
      handler: () => {},
    });
  }
}

const usualMethods: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
