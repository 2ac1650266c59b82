// eSIMs: found, followed, shown as QR codes, imported where they came with their device.
import { z } from 'zod';
import { AppError } from '../../base/app_error.ts';
import { getOwnAccount } from '../../modules/accounts/index.ts';
import { qrPng, qrSvg } from '../../modules/activation/index.ts';
import { findBrandingOfEsim } from '../../modules/branding/index.ts';
import { checkCompatibility, listBundles, moveEsim } from '../../modules/bundles/index.ts';
import { activationCodeOf, type Esim, getEsim, listEsims } from '../../modules/esims/index.ts';
import { importPreinstalled } from '../../modules/orders/index.ts';
import { write } from '../../pg/write.ts';
import { readIdempotencyKey } from '../http/idempotency_key.ts';
import { publicBaseUrl } from '../http/public_base_url.ts';
import { writeOnce } from '../http/write_once.ts';
import { bundleList } from './bundles_schemas.ts';
import { writeBundle } from './bundles_translate.ts';
import {
  compatibility,
  esim,
  esimList,
  esimState,
  importedEsims,
  importPreinstalledBody,
  movedEsim,
  moveEsimBody,
} from './esims_schemas.ts';
import { writeEsim, writeImported } from './esims_translate.ts';
import { readIdCursor, writePage } from './page.ts';
import { type Call, type Route, route } from './route.ts';
import { paging, text } from './schemas.ts';

const importBodyBytesMax = 2 * 1024 * 1024;

const params = z.strictObject({ idOrIccid: text(64).describe('`esm_…` or the ICCID.') });

export const esimRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/esims',
    operationId: 'listEsims',
    summary: 'List eSIMs, newest first',
    scope: 'read',
    query: z.strictObject({ ...paging, state: esimState.exactOptional() }),
    response: { status: 200, description: 'One page.', schema: esimList },
    errors: [],
    handler: async ({ ctx, account, query: { cursor, ...filter }, request }) => {
      const before = readIdCursor('esim', cursor);
      const esims = await listEsims(ctx, { accountId: account.id, ...filter, ...(before && { before }) });
      const baseUrl = publicBaseUrl(request);
      return writePage(esims, {
        limit: filter.limit,
        cursorOf: (each) => each.id,
        write: (each) => writeEsim(each, baseUrl),
      });
    },
  }),
  route({
    method: 'POST',
    path: '/esims/preinstalled',
    operationId: 'importPreinstalledEsims',
    summary: 'Import profiles that came installed on their eUICCs',
    description:
      'All of them or none. Each is taken out of stock and becomes an `installed` eSIM with a `new` SIM; nothing is charged.',
    scope: 'operator',
    body: importPreinstalledBody,
    bodyBytesMax: importBodyBytesMax,
    idempotent: true,
    response: { status: 201, description: 'The eSIMs, in the same order.', schema: importedEsims },
    errors: ['idempotency_key_reused'],
    handler: async ({ ctx, account, credential: { keyAccountId }, body, request }) => {
      const { profiles, account: accountId = account.id } = body;
      const key = readIdempotencyKey(request);
      const once = { accountId: account.id, operation: 'esims.import_preinstalled', key, input: body };
      const data = await writeOnce(ctx, once, async (tx) => {
        const of = await getOwnAccount(tx, { keyAccountId, accountId });
        return (await importPreinstalled(tx, { accountId: of.id, profiles })).map(writeImported);
      });
      return { data };
    },
  }),
  route({
    method: 'GET',
    path: '/esims/{idOrIccid}',
    operationId: 'getEsim',
    summary: 'Get an eSIM',
    scope: 'read',
    params,
    response: { status: 200, description: 'The eSIM as it is now.', schema: esim },
    errors: ['not_found'],
    handler: async (call) => writeEsim(await loadEsim(call), publicBaseUrl(call.request)),
  }),
  route({
    method: 'GET',
    path: '/esims/{idOrIccid}/bundles',
    operationId: 'listBundlesOfEsim',
    summary: 'List the bundles of an eSIM, oldest first',
    scope: 'read',
    params,
    query: z.strictObject(paging),
    response: { status: 200, description: 'One page.', schema: bundleList },
    errors: ['not_found'],
    handler: async (call) => {
      const { cursor, limit } = call.query;
      const after = readIdCursor('bundle', cursor);
      const { id, accountId } = await loadEsim(call);
      const bundles = await listBundles(call.ctx, { accountId, esimId: id, limit, ...(after && { after }) });
      return writePage(bundles, { limit, cursorOf: (each) => each.id, write: writeBundle });
    },
  }),
  route({
    method: 'GET',
    path: '/esims/{idOrIccid}/compatibility',
    operationId: 'checkCompatibility',
    summary: 'Ask whether a product can be used on an eSIM, and where',
    scope: 'read',
    params,
    query: z.strictObject({ product: text(100).describe('Name of a product.') }),
    response: { status: 200, description: 'What there is to know before buying it.', schema: compatibility },
    errors: ['not_found', 'unknown_product'],
    handler: ({ ctx, account, params: { idOrIccid }, query: { product } }) =>
      checkCompatibility(ctx, { accountId: account.id, idOrIccid, product }),
  }),
  route({
    method: 'POST',
    path: '/esims/{idOrIccid}/move',
    operationId: 'moveEsim',
    summary: 'Give an eSIM to a subaccount, or back',
    description:
      'Its line and its bundles go with it. What was ordered, used and paid stays with the account that did it.',
    scope: 'accounts:write',
    params,
    body: moveEsimBody,
    response: { status: 200, description: 'Where it is now.', schema: movedEsim },
    errors: [],
    handler: ({ ctx, account, credential, params: { idOrIccid }, body }) =>
      write(ctx, {}, (tx) =>
        moveEsim(tx, {
          accountId: account.id,
          keyAccountId: credential.keyAccountId,
          idOrIccid,
          toAccountId: body.account,
        }),
      ),
  }),
  route({
    method: 'GET',
    path: '/esims/{idOrIccid}/qr.png',
    operationId: 'getQrCodePng',
    summary: 'Get the QR code as PNG',
    scope: 'read',
    params,
    query: z.strictObject({
      scale: z.coerce.number().int().min(1).max(40).default(10).describe('Pixels a module.'),
    }),
    response: { status: 200, description: 'The picture.', mediaType: 'image/png' },
    errors: ['not_found', 'conflict'],
    handler: async (call) => {
      const found = await loadEsim(call);
      return qrPng(codeOf(found), await findBrandingOfEsim(call.ctx, found), call.query.scale);
    },
  }),
  route({
    method: 'GET',
    path: '/esims/{idOrIccid}/qr.svg',
    operationId: 'getQrCodeSvg',
    summary: 'Get the QR code as SVG',
    scope: 'read',
    params,
    response: { status: 200, description: 'The picture.', mediaType: 'image/svg+xml' },
    errors: ['not_found', 'conflict'],
    handler: async (call) => {
      const found = await loadEsim(call);
      return qrSvg(codeOf(found), await findBrandingOfEsim(call.ctx, found));
    },
  }),
];

function loadEsim({ ctx, account, params: { idOrIccid } }: Call<z.output<typeof params>>): Promise<Esim> {
  return getEsim(ctx, { accountId: account.id, idOrIccid });
}

/** The activation code. Throws `conflict` when there is none. */
function codeOf(from: Esim): string {
  const code = activationCodeOf(from);
  if (code !== null) return code;
  throw new AppError('conflict', withoutCode[from.origin]);
}

const withoutCode: Record<Esim['origin'], string> = {
  ordered: 'This eSIM has no code: its device fetches it from the default SM-DP+.',
  preinstalled: 'This eSIM has no code: its device came with it.',
  card: 'This is a SIM card: there is no code to install it by.',
};
