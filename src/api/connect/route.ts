// A route of the Connect door as data: an operation of the vendor's documentation, and how the core answers it.
import type { z } from 'zod';
import type { Scope } from '../../modules/accounts/index.ts';
import type { CallParts } from '../http/call_parts.ts';

/** Types the handler of a route by its schemas. */
export function route<Q extends z.ZodObject = z.ZodObject, B extends z.ZodType = z.ZodObject>(
  spec: RouteSpec<Q, B>,
): Route {
  return spec as unknown as Route;
}

export type RouteSpec<Q extends z.ZodObject, B extends z.ZodType> = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** All that it is called by, the documented one first: `/v1/order/{orderId}`. With a slash at the end too. */
  paths: readonly [string, ...string[]];
  scope: Scope;
  /** By the vendor's names; unknown ones are left out. */
  query?: Q;
  /** JSON by the vendor's names; unknown ones are left out. A request without a body has an empty one. */
  body?: B;
  /** The body of a 200 as data; `null` for an empty one. Another status is set by `call.reply.code(…)`. */
  handler: (call: Call<z.output<Q>, z.output<B>>) => unknown;
};

/** What a handler is given. */
export type Call<Q = Record<string, unknown>, B = Record<string, unknown>> = CallParts & {
  query: Q;
  body: B;
  /** `https://host[:port]` as the client called it: what URLs in answers begin with. */
  base: string;
  /** `/connect-api`, `/connect-api-preprod` or `/esim`, as the client called it. */
  prefix: string;
  /** True behind the prefix of pre-production: the account is its own sandbox. */
  isPreproduction: boolean;
};

/** A route whose schemas are known only at run time. */
export type Route = RouteSpec<z.ZodObject, z.ZodType<Record<string, unknown>>>;
