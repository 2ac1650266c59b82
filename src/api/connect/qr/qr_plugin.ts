// Public pictures of activation codes: whoever has the code may see it as a picture, so no token is asked for.
import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../../base/app_error.ts';
import {
  type ActivationCode,
  activationCodeCharsMax,
  qrPng,
  qrSvg,
  readActivationCode,
  writeActivationCode,
} from '../../../modules/activation/index.ts';
import { findBrandingOfEsim } from '../../../modules/branding/index.ts';
import { findEsimByActivationCode } from '../../../modules/esims/index.ts';
import { type Core, type Ctx, ctxFor } from '../../http/core.ts';
import { refuseOtherMethods } from '../../http/refuse_other_methods.ts';
import { answerConnectErrors } from '../wire/errors.ts';
import { qrPaths } from './qr_url.ts';

/**
 * `GET …/esim/LPA:1$host$matchingId`, raw or percent-encoded, with `.png` or `.svg` behind it or without. Every valid
 * code has a picture, whether an eSIM has that code or not; the branding of one that has shows only to who knows all
 * 100 random bits of it.
 */
export function qrPictures(core: Core): FastifyPluginCallback {
  return (app, _options, done) => {
    answerConnectErrors(app, core);
    for (const path of qrPaths) addPath(app, core, `${path}*`);
    done();
  };
}

function addPath(app: FastifyInstance, core: Core, url: string): void {
  app.get<{ Params: { '*': string } }>(url, async (request, reply) => {
    const { code, extension } = readPath(request.params['*']);
    const kind = kinds[extension ?? (wantsSvg(request) ? 'svg' : 'png')];
    const picture = kind.draw(writeActivationCode(code), await brandingOf(ctxFor(core, request), code));
    return sendPicture(reply, picture, kind.mediaType);
  });
  refuseOtherMethods(app, [{ method: 'GET', url }]);
}

const kinds = {
  png: { mediaType: 'image/png', draw: (code: string, style?: Style) => qrPng(code, style) },
  svg: { mediaType: 'image/svg+xml', draw: (code: string, style?: Style) => qrSvg(code, style) },
} as const;

type Style = Parameters<typeof qrSvg>[1];

function readPath(path: string): { code: ActivationCode; extension: 'png' | 'svg' | undefined } {
  const [, text = '', extension] = /^(.*?)(?:\.(png|svg))?$/s.exec(path.slice(0, pathCharsMax)) ?? [];
  // What has no `LPA:` is another kind of picture, which nobody asked for.
  if (!/^LPA:/i.test(text))
    throw new AppError('not_found', 'There is no such picture. They are at …/esim/LPA:1$host$matchingId.');
  return { code: readActivationCode(text), extension: extension as 'png' | 'svg' | undefined };
}

/** One more than any that is valid, so that a longer one is refused as too long. */
const pathCharsMax = 'LPA:'.length + activationCodeCharsMax + '.png'.length + 1;

/** Browsers name SVG among others that they take as well: those get what is documented. */
function wantsSvg({ headers }: FastifyRequest): boolean {
  const accept = headers.accept ?? '';
  return accept.includes('image/svg+xml') && !/image\/(png|\*)|\*\/\*/.test(accept);
}

async function brandingOf(ctx: Ctx, code: ActivationCode): Promise<Style> {
  const esim = await findEsimByActivationCode(ctx, code);
  return esim && (await findBrandingOfEsim(ctx, esim));
}

function sendPicture(reply: FastifyReply, picture: Buffer | string, mediaType: string): FastifyReply {
  return reply
    .headers({
      'content-type': mediaType,
      // The code never changes; its branding may.
      'cache-control': 'public, max-age=3600',
      vary: 'accept',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'content-security-policy': "default-src 'none'; img-src data:",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex, nofollow',
    })
    .send(picture);
}
