// What a handler of any door is given of a request that is signed in: the context it acts in, and whose it is.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Credential } from '../../modules/accounts/index.ts';
import { type Core, type Ctx, ctxFor } from './core.ts';

export type CallParts = {
  /** In the time of the account's clock, acting as the key. */
  ctx: Ctx;
  core: Core;
  account: Credential['account'];
  credential: Credential;
  params: Record<string, string>;
  request: FastifyRequest;
  reply: FastifyReply;
};

export function callParts(
  core: Core,
  credential: Credential,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): CallParts {
  const { account, apiKeyId, scopes } = credential;
  const actor = { kind: 'api_key', accountId: account.id, apiKeyId, scopes } as const;
  return {
    ctx: ctxFor(core, request, actor, account.clockOffsetMs),
    core,
    account,
    credential,
    params: request.params as Record<string, string>,
    request,
    reply,
  };
}
