// Pages by number, from 1, and where the pages around one are.
import type { z } from 'zod';
import type { Call } from '../route.ts';
import { blank, whole } from '../wire/fields.ts';

/** The query's `page`, and its size under the name that the version of the API has for it. */
export function paging<const S extends string>(size: S) {
  return {
    page: blank(whole(1, pageMax)).transform((page = 1) => page),
    [size]: blank(whole(1, sizeMax)).transform((rows = sizeDefault) => rows),
  } as Record<'page' | S, z.ZodType<number>>;
}

const pageMax = 1_000_000;
const sizeMax = 1_000;
const sizeDefault = 100;

type Around = { page: number; hasMore: boolean };

/** `X-Previous-Page` and `X-Next-Page`: absent at the ends. */
export function pageHeaders(call: Pick<Call, 'base' | 'request'>, around: Around): Record<string, string> {
  const { previous, next } = pageUrls(call, around);
  return {
    ...(previous !== undefined && { 'x-previous-page': previous }),
    ...(next !== undefined && { 'x-next-page': next }),
  };
}

/** The URLs of the pages around this one: what was asked, with another page. */
export function pageUrls(
  { base, request }: Pick<Call, 'base' | 'request'>,
  { page, hasMore }: Around,
): { self: string; previous?: string; next?: string } {
  const at = (other: number) => {
    const url = new URL(request.url, base);
    url.searchParams.set('page', String(other));
    return url.href;
  };
  return {
    self: at(page),
    ...(page > 1 && { previous: at(page - 1) }),
    ...(hasMore && page < pageMax && { next: at(page + 1) }),
  };
}
