// A route of the eSIM Go door as data: an operation of the vendor's document, and how the core answers it.
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
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Without version, parameters in braces as in the vendor's document: `/esims/{iccid}`. */
  path: string;
  /** A name for it, where the vendor's document has one. */
  operationId?: string;
  scope: Scope;
  /** By the vendor's names; unknown ones are left out, and so is one without a value. See `wire/fields.ts`. */
  query?: Q;
  /** JSON by the vendor's names; unknown ones are left out. A request without a body has an empty one. */
  body?: B;
  /** Media types that it can answer with, the default first; left out, JSON. Anything else is refused with 406. */
  accept?: readonly string[];
  /** The vendor's words for fields of the core, in place of those in wire/field_names.ts. */
  fieldNames?: Readonly<Record<string, string>>;
  /** True where errors are sent as text/plain, whose text is the JSON: the vendor has that for `POST /orders`. */
  textErrors?: boolean;
  /**
   * The body of a 200 as data, or `call.reply` after it sent something else itself. Another status is set by
   * `call.reply.code(…)`.
   */
  handler: (call: Call<z.output<Q>, z.output<B>>) => unknown;
};

/** What a handler is given. */
export type Call<Q = Record<string, unknown>, B = Record<string, unknown>> = CallParts & {
  query: Q;
  body: B;
  /** One of the route's media types: the one that the client likes best. */
  accepted: string;
  /** The header Idempotency-Key of a request that changes something. */
  idempotencyKey: string | undefined;
  /** `https://host[:port]` as the client called it: what URLs in answers begin with. */
  base: string;
};

/** A route whose schemas are known only at run time. */
export type Route = RouteSpec<z.ZodObject, z.ZodType<Record<string, unknown>>>;
