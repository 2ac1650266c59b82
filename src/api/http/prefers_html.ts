// Tells a browser from a program, for the few addresses that serve both.
import type { FastifyRequest } from 'fastify';

/** True when the client names `text/html` before `application/json`, or alone. */
export function prefersHtml(request: Pick<FastifyRequest, 'headers'>): boolean {
  const accept = request.headers.accept ?? '';
  const htmlAt = accept.indexOf('text/html');
  const jsonAt = accept.indexOf('application/json');
  return htmlAt >= 0 && (jsonAt < 0 || htmlAt < jsonAt);
}
