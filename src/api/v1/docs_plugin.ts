// The documentation, served by the server itself: the reference, its OpenAPI document, and a page for each error code.
import type { FastifyPluginCallback } from 'fastify';
import { AppError } from '../../base/app_error.ts';
import { type ErrorCode, errorCodes } from '../../base/error_codes.ts';
import { prefersHtml } from '../http/prefers_html.ts';
import { sendHtml } from '../http/send_html.ts';
import { errorIndexPage, errorPage } from './error_page.ts';
import { openApiDocument } from './openapi.ts';
import { loadReference } from './reference.ts';

/** `GET /`, `/openapi.json`, `/docs`, `/docs/errors` and `/docs/errors/{code}`. No key needed. */
export const docs: FastifyPluginCallback = (app, _options, done) => {
  const document = JSON.stringify(openApiDocument());
  app.get('/', (request, reply) => {
    if (prefersHtml(request)) return reply.redirect('/docs/');
    return reply.send({ name: 'Overair', api: '/v1', openapi: '/openapi.json', docs: '/docs/' });
  });
  app.get('/openapi.json', (_request, reply) => reply.type('application/json; charset=utf-8').send(document));
  app.get('/docs', (_request, reply) => reply.redirect('/docs/'));
  app.get('/docs/', async (_request, reply) => {
    const { page } = await loadReference();
    return reply.header('x-content-type-options', 'nosniff').type('text/html; charset=utf-8').send(page);
  });
  app.get('/docs/js/scalar.js', async (_request, reply) => {
    const { scriptGzip } = await loadReference();
    const headers = { 'content-encoding': 'gzip', 'cache-control': 'public, max-age=3600' };
    return reply.headers(headers).type('text/javascript; charset=utf-8').send(scriptGzip);
  });
  app.get('/docs/errors', (_request, reply) => sendHtml(reply, errorIndexPage()));
  app.get<{ Params: { code: string } }>('/docs/errors/:code', ({ params: { code } }, reply) => {
    if (!Object.hasOwn(errorCodes, code)) throw new AppError('not_found', 'There is no such error code.');
    return sendHtml(reply, errorPage(code as ErrorCode));
  });
  done();
};
