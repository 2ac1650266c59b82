// The vendor's own Node client, pointed at a platform by its base URL; every answer it gets is held against the document.
import assert from 'node:assert/strict';
import twilio from 'twilio';
import { checkAnswer } from '../../src/api/supersim/test_spec.ts';
import type { Platform } from './platform.ts';

export type OfficialClient = twilio.Twilio;

/** Signs in with an API key of the account that the platform's key belongs to. */
export async function connectOfficialClient(platform: Platform): Promise<OfficialClient> {
  const { id } = (await platform.call('GET', '/account')).body;
  return officialClient(platform.server.apiUrl, `AC${id.slice('acc_'.length)}`, platform.apiKey);
}

/** `user` and `password` are those of Basic authentication. */
export function officialClient(apiUrl: string, user: string, password: string, options = {}): OfficialClient {
  return pointAt(apiUrl, twilio(user, password, { ...options, httpClient: checkingHttpClient() }));
}

/** Signs in by OAuth: a token from where the vendor's client asks for one, but of ours. */
export function officialTokenClient(apiUrl: string, clientId: string, clientSecret: string): OfficialClient {
  const asking = twilio(`AC${'0'.repeat(32)}`, 'none');
  asking.oauth.baseUrl = apiUrl;
  const grant = { grantType: 'client_credentials', clientId, clientSecret };
  const tokenManager = {
    fetchToken: async () => (await asking.oauth.v2.token.create(grant)).accessToken,
  };
  const credentials = new twilio.ClientCredentialProviderBuilder().setTokenManager(tokenManager).build();
  const client = twilio(undefined, undefined, { httpClient: checkingHttpClient() });
  client.setCredentialProvider(credentials);
  return pointAt(apiUrl, client);
}

function pointAt(apiUrl: string, client: OfficialClient): OfficialClient {
  client.supersim.baseUrl = `${apiUrl}/supersim`;
  return client;
}

/** Asks as the client would by itself, and looks at what comes back. */
function checkingHttpClient() {
  const [inner, outer] = [new twilio.RequestClient(), new twilio.RequestClient()];
  outer.request = async (options) => {
    const response = await inner.request(options);
    checkAnswer(options.method.toUpperCase(), options.uri, response.statusCode, response.body);
    return response;
  };
  return outer;
}

/** The items of a list, after it was walked in each of the ways that the client knows, which must agree. */
export async function walkList<Item>(resource: List<Item>, filters: object = {}): Promise<Item[]> {
  const first = await resource.page({ ...filters, pageSize: 1 });
  const pages = await walk(first, (page) => page.nextPage());
  const last = pages.at(-1) ?? first;
  const items = pages.flatMap((page) => page.instances);
  const sizes = pages.map((page) => page.instances.length);
  assert.deepEqual(sizes, items.length === 0 ? [0] : items.map(() => 1));
  assert.deepEqual([first.previousPageUrl, last.nextPageUrl], [undefined, undefined]);
  const backwards = await walk(last, (page) => page.previousPage());
  const byUrl = await walk(first, async (page) => page.nextPageUrl && resource.getPage(page.nextPageUrl));
  const ways = {
    previousPage: backwards.reverse().flatMap((page) => page.instances),
    getPage: byUrl.flatMap((page) => page.instances),
    list: await resource.list(filters),
    'list by twos': await resource.list({ ...filters, pageSize: 2 }),
    each: await eachOf(resource, { ...filters, pageSize: 2 }),
  };
  for (const [way, found] of Object.entries(ways)) assert.deepEqual(plain(found), plain(items), way);
  if (items.length > 0)
    assert.deepEqual(plain(await resource.list({ ...filters, limit: 1 })), plain(items.slice(0, 1)));
  return items;
}

type List<Item> = {
  list(params?: object): Promise<Item[]>;
  each(params: object): void;
  page(params?: object): Promise<Page<Item>>;
  getPage(url: string): Promise<Page<Item>>;
};

type Page<Item> = {
  instances: Item[];
  nextPageUrl?: string | undefined;
  previousPageUrl?: string | undefined;
  nextPage(): Promise<unknown> | undefined;
  previousPage(): Promise<unknown> | undefined;
};

async function walk<Item>(from: Page<Item>, step: (page: Page<Item>) => unknown): Promise<Page<Item>[]> {
  const pages: Page<Item>[] = [];
  for (let page: Page<Item> | undefined = from; page; page = (await step(page)) as Page<Item> | undefined)
    pages.push(page);
  return pages;
}

function eachOf<Item>(resource: List<Item>, params: object): Promise<Item[]> {
  const found: Item[] = [];
  return new Promise((resolve, reject) => {
    const done = (error?: Error) => (error ? reject(error) : resolve(found));
    resource.each({ ...params, callback: (item: Item) => found.push(item), done });
  });
}

function plain(items: readonly unknown[]): object[] {
  return items.map((item) => (item as { toJSON(): object }).toJSON());
}
