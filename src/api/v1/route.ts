// A route as data: what it takes, what it answers, who may call it. From these come the server and its OpenAPI document.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { ErrorCode } from '../../base/error_codes.ts';
import type { Credential, Scope } from '../../modules/accounts/index.ts';
import type { Core, Ctx } from '../http/core.ts';

/** Types the handler of a route by its schemas. */
export function route<
  P extends z.ZodObject = z.ZodObject,
  Q extends z.ZodObject = z.ZodObject,
  B extends z.ZodType = z.ZodUndefined,
>(spec: RouteSpec<P, Q, B>): Route {
  return spec as unknown as Route;
}

export type RouteSpec<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Under `/v1`, parameters in braces: `/orders/{id}`. */
  path: string;
  /** Unique, camelCase: what a generated client calls the method. */
  operationId: string;
  summary: string;
  description?: string;
  scope: Scope;
  params?: P;
  query?: Q;
  body?: B;
  /** JSON if left out; else text of one of these media types. */
  bodyMediaType?: TextMediaType | readonly TextMediaType[];
  /** True when the handler reads `request.body` as a stream, whose size it limits; `body` is for the documentation then. */
  isStreamed?: true;
  /** Where more than `limits.apiBodyBytesMax` may come. */
  bodyBytesMax?: number;
  /** True when the operation heeds `Idempotency-Key`. */
  idempotent?: boolean;
  response: RouteResponse;
  /** What it may answer beyond what any route may. */
  errors: readonly ErrorCode[];
  handler: (call: Call<z.output<P>, z.output<Q>, z.output<B>>) => unknown;
};

type TextMediaType = 'text/csv' | 'text/plain';

export type RouteResponse = {
  status: 200 | 201;
  description: string;
  /** JSON when it has a schema, else `mediaType` as it is. */
  schema?: z.ZodType;
  mediaType?: string;
  headers?: Record<string, string>;
};

/** What a handler is given. */
export type Call<P = Record<string, unknown>, Q = Record<string, unknown>, B = unknown> = {
  /** In the time of the account's clock. */
  ctx: Ctx;
  core: Core;
  account: Credential['account'];
  credential: Credential;
  params: P;
  query: Q;
  body: B;
  request: FastifyRequest;
  reply: FastifyReply;
};

/** A route whose schemas are known only at run time. */
export type Route = RouteSpec<z.ZodObject, z.ZodObject, z.ZodType>;
