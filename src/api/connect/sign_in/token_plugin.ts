// OpenID Connect's token endpoint as the vendor has it: an API key, or a refresh token, becomes tokens (RFC 6749 §4.4, §6).
import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../../base/app_error.ts';
import {
  authenticateApiKey,
  authenticateApiKeyId,
  type Credential,
} from '../../../modules/accounts/index.ts';
import { type Core, type Ctx, ctxFor } from '../../http/core.ts';
import { logFailure } from '../../http/log_failure.ts';
import { readBasic } from '../../http/read_basic.ts';
import { refuseOtherMethods } from '../../http/refuse_other_methods.ts';
import { translateHttpError } from '../../http/translate_http_error.ts';
import { connectErrors } from '../wire/errors.ts';
import {
  accessTokenSeconds,
  type ConnectTokens,
  createConnectTokens,
  refreshTokenSeconds,
} from './connect_tokens.ts';
import { rolesOf } from './roles.ts';

const url = '/auth/realms/:realm/protocol/openid-connect/token';
const formBytesMax = 16 * 1024;

/** `POST` of a form with `grant_type` client_credentials or refresh_token, the client in the form or by Basic. */
export function tokenEndpoint(core: Core): FastifyPluginCallback {
  return (app, _options, done) => {
    const tokens = createConnectTokens(core);
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: formBytesMax },
      (_request, body, next) => next(null, new URLSearchParams(String(body))),
    );
    app.setErrorHandler((error, request, reply) => sendError(core, request, reply, error));
    app.post<{ Params: { realm: string } }>(url, async (request, reply) => {
      const { realm } = request.params;
      const credential = await grant(ctxFor(core, request), tokens, { request, realm });
      return reply.header('cache-control', 'no-store').send(await writeTokens(tokens, credential, realm));
    });
    refuseOtherMethods(app, [{ method: 'POST', url }]);
    done();
  };
}

async function grant(
  ctx: Ctx,
  tokens: ConnectTokens,
  { request, realm }: { request: FastifyRequest; realm: string },
): Promise<Credential> {
  const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
  const kind = form.get('grant_type');
  if (kind === null) throw new TokenRefusal('invalid_request', 'Missing form parameter: grant_type');
  if (kind === 'client_credentials') return await byClient(ctx, clientOf(form, request));
  if (kind === 'refresh_token') return await byRefreshToken(ctx, tokens, { form, realm, request });
  throw new TokenRefusal('unsupported_grant_type', 'Give client_credentials or refresh_token.');
}

type Client = { id: string; secret: string };

function clientOf(form: URLSearchParams, { headers }: FastifyRequest): Client {
  const basic = readBasic(headers.authorization);
  return {
    id: form.get('client_id') ?? basic?.user ?? '',
    secret: form.get('client_secret') ?? basic?.password ?? '',
  };
}

/** The client is an API key by its id, or the key's account by its own; its secret that of the key. */
async function byClient(ctx: Ctx, { id, secret }: Client): Promise<Credential> {
  const credential = await authenticateApiKey(ctx, secret).catch(refuseUnknown);
  if (id !== credential.apiKeyId && id !== credential.account.id) throw unknownClient();
  return credential;
}

/** The API key behind the token must still be valid; a client that names itself must be the one it was given to. */
async function byRefreshToken(
  ctx: Ctx,
  tokens: ConnectTokens,
  { form, realm, request }: { form: URLSearchParams; realm: string; request: FastifyRequest },
): Promise<Credential> {
  const claims = await tokens.read(form.get('refresh_token') ?? '');
  if (claims?.use !== 'Refresh' || claims.realm !== realm)
    throw new TokenRefusal('invalid_grant', 'Invalid refresh token');
  const client = clientOf(form, request);
  const credential = client.secret === '' ? undefined : await byClient(ctx, client);
  if (credential && credential.apiKeyId !== claims.sub)
    throw new TokenRefusal(
      'invalid_grant',
      "Invalid refresh token. Token client and authorized client don't match",
    );
  return credential ?? (await authenticateApiKeyId(ctx, claims.sub).catch(refuseUnknown));
}

function unknownClient(): TokenRefusal {
  return new TokenRefusal('invalid_client', 'Invalid client or Invalid client credentials');
}

function refuseUnknown(error: unknown): never {
  throw error instanceof AppError && error.code === 'unauthenticated' ? unknownClient() : error;
}

async function writeTokens(tokens: ConnectTokens, credential: Credential, realm: string): Promise<object> {
  const claims = { realm, roles: rolesOf(credential.scopes) };
  return {
    access_token: await tokens.write(credential, { use: 'Bearer', ...claims }, accessTokenSeconds),
    expires_in: accessTokenSeconds,
    refresh_expires_in: refreshTokenSeconds,
    refresh_token: await tokens.write(credential, { use: 'Refresh', ...claims }, refreshTokenSeconds),
    token_type: 'Bearer',
    'not-before-policy': 0,
    scope: 'profile',
  };
}

/** What RFC 6749 §5.2 calls a refusal. */
class TokenRefusal extends Error {
  override readonly name = 'TokenRefusal';
  readonly error: string;
  readonly status: number;

  constructor(error: string, description: string, status = error === 'invalid_client' ? 401 : 400) {
    super(description);
    this.error = error;
    this.status = status;
  }
}

function sendError(core: Core, request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const refusal = error instanceof TokenRefusal ? error : refusalOf(core, request, error);
  return reply
    .code(refusal.status)
    .header('cache-control', 'no-store')
    .send({ error: refusal.error, error_description: refusal.message });
}

function refusalOf(core: Core, request: FastifyRequest, error: unknown): TokenRefusal {
  const translated = translateHttpError(error);
  const { status } = connectErrors[translated.code];
  logFailure(core, request, translated, status);
  return new TokenRefusal(status < 500 ? 'invalid_request' : 'server_error', translated.detail, status);
}
