// `/i/{token}`: a page per eSIM that needs no key, because its address cannot be guessed.
import type { FastifyInstance, FastifyPluginCallback, FastifyReply } from 'fastify';
import { qrPng } from '../../modules/activation/index.ts';
import { findBrandingOfEsim } from '../../modules/branding/index.ts';
import { listBundles } from '../../modules/bundles/index.ts';
import { activationCodeOf, type Esim, findEsimByInstallToken } from '../../modules/esims/index.ts';
import { type Core, type Ctx, ctxFor } from '../http/core.ts';
import { refuseOtherMethods } from '../http/refuse_other_methods.ts';
import { sendHtml } from '../http/send_html.ts';
import { translateHttpError } from '../http/translate_http_error.ts';
import { installPage } from './install_page.ts';
import { notFoundPage, troublePage } from './other_pages.ts';

/**
 * `GET /{token}`, `/{token}/qr.png` and `/{token}/logo.png`, to be registered under the prefix `/i`, which install URLs name. Errors are
 * pages too: people read them.
 */
export function install(core: Core): FastifyPluginCallback {
  return (app, _options, done) => {
    app.setErrorHandler((error, request, reply) => {
      const { code, cause } = translateHttpError(error);
      if (code === 'method_not_allowed') return reply.code(405).send();
      core.log.error({ requestId: request.id, code, err: cause }, 'an install page failed');
      return sendHtml(reply.code(code === 'unavailable' ? 503 : 500), troublePage());
    });
    app.setNotFoundHandler((_request, reply) => sendHtml(reply.code(404), notFoundPage()));
    addRoutes(app, core);
    done();
  };
}

type WithToken = { Params: { token: string } };

function addRoutes(app: FastifyInstance, core: Core): void {
  app.get<WithToken>('/:token', async (request, reply) => {
    const ctx = ctxFor(core, request);
    const esim = await findEsim(ctx, request.params.token);
    if (!esim) return sendHtml(reply.code(404), notFoundPage());
    const [bundles, branding] = await Promise.all([
      listBundles(ctx, { accountId: esim.accountId, esimId: esim.id, limit: bundlesMax }),
      findBrandingOfEsim(ctx, esim),
    ]);
    return sendHtml(reply, installPage(esim, bundles, branding));
  });
  app.get<WithToken>('/:token/qr.png', async (request, reply) => {
    const ctx = ctxFor(core, request);
    const esim = await findEsim(ctx, request.params.token);
    const code = esim && activationCodeOf(esim);
    if (!code) return sendHtml(reply.code(404), notFoundPage());
    return sendPicture(reply, qrPng(code, await findBrandingOfEsim(ctx, esim)));
  });
  app.get<WithToken>('/:token/logo.png', async (request, reply) => {
    const ctx = ctxFor(core, request);
    const esim = await findEsim(ctx, request.params.token);
    const logo = esim && (await findBrandingOfEsim(ctx, esim))?.logo;
    if (!logo) return sendHtml(reply.code(404), notFoundPage());
    return sendPicture(reply, logo);
  });
  refuseOtherMethods(app, [
    { method: 'GET', url: '/:token' },
    { method: 'GET', url: '/:token/qr.png' },
    { method: 'GET', url: '/:token/logo.png' },
  ]);
}

const bundlesMax = 10;

async function findEsim(ctx: Ctx, token: string): Promise<Esim | undefined> {
  return /^[\w-]{16,64}$/.test(token) ? await findEsimByInstallToken(ctx, token) : undefined;
}

function sendPicture(reply: FastifyReply, png: Buffer): FastifyReply {
  return reply
    .headers({
      'content-type': 'image/png',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex, nofollow',
    })
    .send(png);
}
