// A list of version 2: the data, and where its other pages are.
import type { Call } from '../route.ts';
import { pageUrls } from '../subscriptions/paging.ts';

export type ListPageV2 = {
  /** From 1. */
  page: number;
  size: number;
  hasMore: boolean;
  /** On all pages. */
  count: number;
};

export function writeListV2<T>(
  call: Pick<Call, 'base' | 'request'>,
  data: readonly T[],
  { page, size, hasMore, count }: ListPageV2,
) {
  const { self, previous, next } = pageUrls(call, { page, hasMore });
  return {
    data,
    _metadata: {
      page,
      page_size: size,
      page_count: Math.max(1, Math.ceil(count / size)),
      links: {
        ...(previous !== undefined && { _prev: previous }),
        _self: self,
        ...(next !== undefined && { _next: next }),
      },
    },
  };
}
