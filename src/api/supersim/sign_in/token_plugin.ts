// OAuth 2.0 client credentials (RFC 6749 §4.4) at the addresses of both vendors: an API key becomes a token for an hour.
import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AppError } from '../../../base/app_error.ts';
import type { ErrorCode } from '../../../base/error_codes.ts';
import type { Credential, Scope } from '../../../modules/accounts/index.ts';
import { type Core, ctxFor } from '../../http/core.ts';
import { logFailure } from '../../http/log_failure.ts';
import { readBasic } from '../../http/read_basic.ts';
import { readInput } from '../../http/read_input.ts';
import { refuseOtherMethods } from '../../http/refuse_other_methods.ts';
import { translateHttpError } from '../../http/translate_http_error.ts';
import type { Caller } from '../route.ts';
import { allowOrigins } from '../wire/cors.ts';
import { superSimErrors } from '../wire/errors.ts';
import { formText } from '../wire/form.ts';
import { acceptForms } from '../wire/read_forms.ts';
import { accessTokenSeconds, createAccessTokens } from './access_token.ts';
import { authenticateClient } from './authenticate_client.ts';

type Dialect = Caller['dialect'];

/** Where each vendor's clients ask for tokens: on every host, and below the prefix of the door. */
export const tokenPaths: Record<Dialect, string> = {
  twilio: '/v2/token',
  kore: '/api-services/v1/auth/token',
};

/** `POST` of a form with `grant_type=client_credentials`, the client in the form or by Basic, and `scope` to narrow. */
export function tokenEndpoints(core: Core): FastifyPluginCallback {
  return (app, _options, done) => {
    const tokens = createAccessTokens(core);
    acceptForms(app);
    allowOrigins(app, core.settings);
    app.setErrorHandler((error, request, reply) => sendError(core, request, reply, error));
    for (const [dialect, url] of Object.entries(tokenPaths) as [Dialect, string][]) {
      app.post(url, async (request, reply) => {
        const { scope: wanted, ...grant } = readGrant(request);
        const credential = await authenticateClient(ctxFor(core, request), grant);
        if (credential === undefined) throw new TokenRefusal('invalid_client', koreDescription);
        const scopes = narrow(credential, wanted);
        return reply.header('cache-control', 'no-store').send({
          access_token: await tokens.write(credential, dialect, scopes),
          token_type: 'Bearer',
          expires_in: accessTokenSeconds,
          scope: scopes.join(' '),
        });
      });
    }
    refuseOtherMethods(
      app,
      Object.values(tokenPaths).map((url) => ({ method: 'POST', url })),
    );
    done();
  };
}

const grantForm = z.object({
  grant_type: formText(100),
  client_id: formText(100).exactOptional(),
  client_secret: formText(500).exactOptional(),
  scope: z.string('give it once').max(500).default(''),
});

type Grant = { user: string; password: string; scope: string };

/** Throws `invalid_request`, and `TokenRefusal` for other grants and for a client that is not named at all. */
function readGrant(request: FastifyRequest): Grant {
  const form = readInput(grantForm, request.body ?? {}, 'The form is not valid.');
  if (form.grant_type !== 'client_credentials')
    throw new TokenRefusal('unsupported_grant_type', 'Give grant_type=client_credentials.');
  const basic = readBasic(request.headers.authorization);
  const { client_id: user = basic?.user, client_secret: password = basic?.password, scope } = form;
  if (user === undefined || password === undefined)
    throw new TokenRefusal('invalid_client', 'Give client_id and client_secret.');
  return { user, password, scope };
}

/** The scopes of the key, or those of them that are wanted. Throws `TokenRefusal` for one that it does not have. */
function narrow({ scopes }: Credential, wanted: string): readonly Scope[] {
  const words = wanted.split(' ').filter((word) => word !== '');
  if (words.length === 0) return scopes;
  const missing = words.filter((word) => !scopes.some((scope) => scope === word));
  if (missing.length > 0)
    throw new TokenRefusal('invalid_scope', `This client does not have the scope ${missing.join(', ')}.`);
  return scopes.filter((scope) => words.includes(scope));
}

/** What RFC 6749 §5.2 calls a refusal. */
class TokenRefusal extends Error {
  override readonly name = 'TokenRefusal';
  readonly error: string;
  readonly status: number;
  readonly code: number;

  constructor(error: string, message: string, of: ErrorCode = refusedAs[error] ?? 'invalid_request') {
    super(message);
    this.error = error;
    this.status = superSimErrors[of].status;
    this.code = superSimErrors[of].code;
  }
}

const refusedAs: Record<string, ErrorCode> = { invalid_client: 'unauthenticated' };
const koreDescription = 'Invalid client or Invalid client credentials';

function sendError(core: Core, request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const refusal = error instanceof TokenRefusal ? error : refusalOf(core, request, translateHttpError(error));
  const { status } = refusal;
  if (status === 401) reply.header('www-authenticate', 'Basic realm="overair"');
  const isKore = request.routeOptions.url?.endsWith(tokenPaths.kore) === true;
  const body = isKore && status !== 401 ? writeKoreError(refusal) : writeOauthError(refusal);
  return reply.code(status).header('cache-control', 'no-store').send(body);
}

function refusalOf(core: Core, request: FastifyRequest, error: AppError): TokenRefusal {
  const { status } = superSimErrors[error.code];
  logFailure(core, request, error, status);
  const faults = error.fields.map(({ field, detail }) => ` ${field}: ${detail}.`).join('');
  return new TokenRefusal(
    status < 500 ? 'invalid_request' : 'server_error',
    error.detail + faults,
    error.code,
  );
}

function writeOauthError({ error, message }: TokenRefusal) {
  return { error, error_description: message };
}

/** KORE has OAuth's form for clients that it does not know only. */
function writeKoreError({ code, message }: TokenRefusal) {
  return { code, message };
}
