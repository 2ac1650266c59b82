import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../pg/test_database.ts';
import { openSuperSim } from '../test_supersim.ts';
import { openThings } from './test_things.ts';

const names = ['a', 'b', 'c', 'd', 'e'];
const things = openThings(await openSuperSim(await testDatabase(), { stock: 0 }), names);
const url = 'http://api.example/supersim/v1/Things';
const list = async (address: string) => {
  const { status, body } = await things.call('GET', address);
  assert.equal(status, 200);
  return { meta: body.meta, names: body.things.map(({ name }: { name: string }) => name).join('') };
};

test('all of a short list is one page, newest first', async () => {
  assert.deepEqual(await list('/supersim/v1/Things'), {
    names: 'edcba',
    meta: {
      first_page_url: `${url}?PageSize=50&Page=0`,
      key: 'things',
      next_page_url: null,
      page: 0,
      page_size: 50,
      previous_page_url: null,
      url: `${url}?PageSize=50&Page=0`,
    },
  });
});

test('next leads through every page once, and previous back through the same pages', async () => {
  const there = await follow('/supersim/v1/Things?PageSize=2', 'next_page_url');
  assert.deepEqual(
    there.map((page) => page.names),
    ['ed', 'cb', 'a'],
  );
  assert.deepEqual(
    there.map(({ meta }) => meta.page),
    [0, 1, 2],
  );
  const back = await follow(there[2]?.meta.url, 'previous_page_url');
  assert.deepEqual(
    back.map((page) => page.names),
    ['a', 'cb', 'ed'],
  );
  assert.deepEqual(
    back.map(({ meta }) => meta.page),
    [2, 1, 0],
  );
});

test('a list that ends with its page has no next one', async () => {
  assert.equal((await list('/supersim/v1/Things?PageSize=5')).meta.next_page_url, null);
  assert.notEqual((await list('/supersim/v1/Things?PageSize=4')).meta.next_page_url, null);
});

test('a page stays what it was when newer things are made', async () => {
  const first = await list('/supersim/v1/Things?PageSize=2');
  names.push('f', 'g');
  try {
    assert.equal((await list(first.meta.next_page_url)).names, 'cb');
    const back = await follow(first.meta.next_page_url, 'previous_page_url');
    assert.deepEqual(
      back.map((page) => page.names),
      ['cb', 'ed', 'gf'],
    );
    assert.equal(back[2]?.meta.previous_page_url, null);
  } finally {
    names.splice(5);
  }
});

test('from in front of the newest, the next page is the first', async () => {
  const { meta, names: shown } = await list(`/supersim/v1/Things?PageToken=${token('PB', 'e')}`);
  assert.deepEqual([shown, meta.previous_page_url, meta.next_page_url], ['', null, meta.first_page_url]);
});

test('behind the oldest there is an empty page, which is the last', async () => {
  const { meta, names: shown } = await list(`/supersim/v1/Things?PageToken=${token('PA', 'a')}&Page=3`);
  assert.deepEqual([shown, meta.next_page_url, meta.page], ['', null, 3]);
});

test('filters come first in the links, in the order and with the values of the client', async () => {
  const { meta } = await list('/supersim/v1/Things?PageSize=1&Tag=x%26y&Junk=1&Status=new&Tag=z');
  const filters = 'Tag=x%26y&Status=new&Tag=z';
  assert.equal(meta.url, `${url}?${filters}&PageSize=1&Page=0`);
  assert.equal(meta.next_page_url, `${url}?${filters}&PageSize=1&Page=1&PageToken=${token('PA', 'e')}`);
});

for (const query of ['PageSize=1', 'PageSize=1000', 'Page=0', 'Page=2147483647', 'PageSize=50&Page=7']) {
  test(`${query} is accepted`, async () => {
    await list(`/supersim/v1/Things?${query}`);
  });
}

for (const [query, field] of [
  ['PageSize=0', 'PageSize'],
  ['PageSize=1001', 'PageSize'],
  ['PageSize=-1', 'PageSize'],
  ['PageSize=1.5', 'PageSize'],
  ['PageSize=many', 'PageSize'],
  ['PageSize=', 'PageSize'],
  ['PageSize=1&PageSize=2', 'PageSize'],
  ['Page=-1', 'Page'],
  ['Page=2147483648', 'Page'],
  ['PageToken=', 'PageToken'],
  ['PageToken=PA', 'PageToken'],
  ['PageToken=YQ', 'PageToken'],
  ['PageToken=PCYQ', 'PageToken'],
  ['PageToken=PAYQ==', 'PageToken'],
  ['PageToken=PA!!', 'PageToken'],
  ['PageToken=toString', 'PageToken'],
  [`PageToken=${token('PA', 'NOT A PLACE')}`, 'PageToken'],
  [`PageToken=PA${'a'.repeat(600)}`, 'PageToken'],
  ['PageToken=PAYQ&PageToken=PAYQ', 'PageToken'],
  ['Status=older', 'Status'],
  ['Tag=1&Tag=2&Tag=3&Tag=4', 'Tag'],
] as const) {
  test(`${query.slice(0, 40)} is refused`, async () => {
    const { status, body } = await things.call('GET', `/supersim/v1/Things?${query}`);
    assert.deepEqual([status, body.code], [400, 20001]);
    assert.match(body.message, new RegExp(`^The query is not valid\\. ${field}: .+\\.$`));
  });
}

/** The pages from `start` on; more than ten are a circle. */
async function follow(start: string, link: 'next_page_url' | 'previous_page_url') {
  const pages = [];
  for (let at: string | null = start; at !== null; ) {
    const page = await list(at);
    pages.push(page);
    at = page.meta[link];
    assert.ok(pages.length < 10);
  }
  return pages;
}

function token(kind: 'PA' | 'PB', place: string): string {
  return kind + Buffer.from(place).toString('base64url');
}
