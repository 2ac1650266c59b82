// A route of the Super SIM door as data: an operation of the vendor's document, and how the core answers it.
import type { z } from 'zod';
import type { ErrorCode } from '../../base/error_codes.ts';
import type { Scope } from '../../modules/accounts/index.ts';
import type { ListPage } from '../../pg/list.ts';
import type { CallParts } from '../http/call_parts.ts';

/** Types the handler of a route by its schemas. */
export function route<Q extends z.ZodObject = z.ZodObject, F extends z.ZodObject = z.ZodObject>(
  spec: RouteSpec<Q, F>,
): Route {
  return spec as unknown as Route;
}

/** The same for a list, which answers one page. */
export function listRoute<Q extends z.ZodObject, Item>(spec: ListSpec<Q, Item>): Route {
  return spec as unknown as Route;
}

type Common<Q extends z.ZodObject> = {
  /** Under `/v1`, parameters in braces as in the vendor's document: `/Sims/{Sid}`. */
  path: string;
  /** As in the vendor's document. */
  operationId: string;
  scope: Scope;
  /** Query parameters by the vendor's names; unknown ones are left out. */
  query?: Q;
  /** Vendor's codes for what this operation in particular is refused for, in place of those of the table in errors.ts. */
  codes?: Partial<Record<ErrorCode, number>>;
};

export type RouteSpec<Q extends z.ZodObject, F extends z.ZodObject> = Common<Q> & {
  method: 'GET' | 'POST' | 'DELETE';
  status: 200 | 201 | 204;
  /** Form fields by the vendor's names; unknown ones are left out, a repeated one is refused unless it is a list. */
  form?: F;
  /** The resource as it is answered; a handler that answers 202 sets `call.reply.code(202)`. */
  handler: (call: Call<z.output<Q>, z.output<F>>) => unknown;
};

export type ListSpec<Q extends z.ZodObject, Item> = Common<Q> & {
  method: 'GET';
  /** The name of the array in the answer, and `meta.key`. */
  key: string;
  /** The items of a page, newest first (see `ListPage`). `limit` is one more than is shown. */
  list: (call: Call<z.output<Q>, unknown>, page: ListPage) => Promise<readonly Item[]> | readonly Item[];
  /** The place of an item, for `before` and `after`. */
  placeOf: (item: Item) => string;
  /** False for a place that cannot be one of this list: answered as a bad PageToken. */
  isPlace: (place: string) => boolean;
  /** All items of a page as they are answered; here, so that what they refer to can be loaded for all at once. */
  write: (
    items: readonly Item[],
    call: Call<z.output<Q>, unknown>,
  ) => Promise<readonly object[]> | readonly object[];
};

/** What a handler is given. */
export type Call<Q = Record<string, unknown>, F = Record<string, unknown>> = CallParts & {
  query: Q;
  form: F;
  /** `https://host[:port][/supersim]/v1` as the client called it: what URLs in answers begin with. */
  base: string;
  caller: Caller;
};

/** How the caller signed in: decides about links in errors, and about how its callbacks look and are signed. */
export type Caller = {
  dialect: 'twilio' | 'kore';
  /** The password of Basic authentication, which signs the callbacks of this caller; null for other ways to sign in. */
  authToken: string | null;
};

/** A route whose schemas are known only at run time. */
export type Route = RouteSpec<z.ZodObject, z.ZodObject> | ListSpec<z.ZodObject, unknown>;
