// Lists as the vendor pages them: absolute links that carry the place, so that page one million costs what page one costs.
import { z } from 'zod';
import { AppError } from '../../../base/app_error.ts';
import type { ListPage } from '../../../pg/list.ts';
import { readInput } from '../../http/read_input.ts';
import type { Call, ListSpec } from '../route.ts';
import { formText, formWhole } from './form.ts';
import { type Form, queryOf, readPairs } from './read_forms.ts';

/** The page that a query asks for, written: `{ [key]: items, meta }`. Throws `invalid_request`. */
export async function listAnswer(
  list: ListSpec<z.ZodObject, unknown>,
  call: Call,
  given: Form,
): Promise<Record<string, unknown>> {
  const asked = readAsked(list, given);
  const { size, place } = asked;
  const rows = await list.list(call, { ...place, limit: size + 1 });
  const hasMore = rows.length > size;
  // One more than is shown was asked for: it is the farthest from the place.
  const items = place.after === undefined ? rows.slice(0, size) : rows.slice(-size);
  const ends = { first: items[0], last: items.at(-1), hasMore };
  return {
    [list.key]: await list.write(items, call),
    meta: writeMeta(list, call, asked, ends),
  };
}

type Asked = { size: number; page: number; token: string | undefined; place: Omit<ListPage, 'limit'> };
type Ends = { first: unknown; last: unknown; hasMore: boolean };

const paging = z.object({
  PageSize: formWhole(1, 1_000).default(50),
  Page: formWhole(0, 2 ** 31 - 1).default(0),
  PageToken: formText(500).exactOptional(),
});

function readAsked({ isPlace }: ListSpec<z.ZodObject, unknown>, given: Form): Asked {
  const {
    PageSize: size,
    Page: page,
    PageToken: token,
  } = readInput(paging, given, 'The query is not valid.');
  return { size, page, token, place: token === undefined ? {} : readToken(token, isPlace) };
}

/** `PA` and the place for what is behind it, `PB` for what is in front of it. Throws `invalid_request`. */
function readToken(token: string, isPlace: (place: string) => boolean): Omit<ListPage, 'limit'> {
  const [kind, encoded] = [token.slice(0, 2), token.slice(2)];
  const place = Buffer.from(encoded, 'base64url').toString();
  if (kind in placeBy && writeToken(kind as TokenKind, place) === token && isPlace(place))
    return { [placeBy[kind as TokenKind]]: place };
  throw new AppError('invalid_request', 'The query is not valid.', {
    fields: [{ field: 'PageToken', detail: 'follow next_page_url or previous_page_url as it was answered' }],
  });
}

const placeBy = { PA: 'before', PB: 'after' } as const;
type TokenKind = keyof typeof placeBy;

function writeToken(kind: TokenKind, place: string): string {
  return kind + Buffer.from(place).toString('base64url');
}

function writeMeta(list: ListSpec<z.ZodObject, unknown>, call: Call, asked: Asked, ends: Ends) {
  const { size, page, token } = asked;
  const url = pageUrls(list, call, size);
  return {
    first_page_url: url(0),
    key: list.key,
    next_page_url: nextPageUrl(list, url, asked, ends),
    page,
    page_size: size,
    previous_page_url: previousPageUrl(list, url, asked, ends),
    url: url(page, token),
  };
}

type PageUrl = (page: number, token?: string) => string;

/** Filters first, in the order of the client; then the page. Names that the list does not have are left out. */
function pageUrls({ query: known }: ListSpec<z.ZodObject, unknown>, call: Call, size: number): PageUrl {
  const { pathname } = new URL(call.request.url, 'http://any');
  const path = pathname.slice(pathname.indexOf('/v1/') + '/v1'.length);
  const filters = readPairs(queryOf(call.request.url)).filter(([name]) =>
    Object.hasOwn(known?.shape ?? {}, name),
  );
  return (page, token) => {
    const query = new URLSearchParams([...filters, ['PageSize', String(size)], ['Page', String(page)]]);
    if (token !== undefined) query.append('PageToken', token);
    return `${call.base}${path}?${query}`;
  };
}

/** Behind the last item: when there are more, and always for who came from there. */
function nextPageUrl(
  list: ListSpec<z.ZodObject, unknown>,
  url: PageUrl,
  { page, place }: Asked,
  { last, hasMore }: Ends,
): string | null {
  const isBackwards = place.after !== undefined;
  if (!hasMore && !isBackwards) return null;
  // Nothing is newer than the place that was asked for, so what comes next is the newest.
  return last === undefined ? url(0) : url(page + 1, writeToken('PA', list.placeOf(last)));
}

/** In front of the first item, where the same holds the other way round; of the first page there is none. */
function previousPageUrl(
  list: ListSpec<z.ZodObject, unknown>,
  url: PageUrl,
  { page, place }: Asked,
  { first, hasMore }: Ends,
): string | null {
  const isFirst = place.after === undefined ? place.before === undefined : !hasMore;
  if (isFirst || first === undefined) return null;
  return url(Math.max(page - 1, 0), writeToken('PB', list.placeOf(first)));
}
