import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCtx } from '../../pg/test_ctx.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { write } from '../../pg/write.ts';
import { listEvents } from '../events/index.ts';
import {
  brandingsMax,
  findBrandingsOfEsims,
  findBrandingsToInstall,
  getBranding,
  installedNames,
  listBrandings,
  type PutBranding,
  putBranding,
  removeBranding,
} from './index.ts';

const ctx = testCtx(await testDatabase());
const later = { ...ctx, now: new Date(ctx.now.getTime() + 60_000) };
/** 8 × 8 pixels, its corners clear. */
const logo = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAYAAADED76LAAAAXElEQVR4nIWOMRGAMAADv8COgyqpEmZEMKIiSioiM4bCAGshdz/lh8eAK3Ej3ogPYhF34guKqaHCiGn4vMw77WRdGbE85seM4qq4Kd4UH4qluCu+lGL6b2T5iCw3H7Uvtk0YVDIAAAAASUVORK5CYII=',
  'base64',
);
let accounts = 0;
const newAccount = () => `acc_${accounts++}`;

const put = (input: PutBranding, at = ctx) => write(at, {}, (tx) => putBranding(tx, input));
const remove = (accountId: string, idOrName: string) =>
  write(ctx, {}, (tx) => removeBranding(tx, { accountId, idOrName }));
/** What an eSIM that this account orders without naming a branding is made with. */
const defaultOf = async (accountId: string) =>
  (await findBrandingsToInstall(ctx, [{ accountId, brandingId: undefined }]))[0]?.id;
const events = async (accountId: string) =>
  (await listEvents(ctx, { accountId, limit: 100 })).events.map(({ type, data }) => [type, data]);

test('a branding is found by id and by name as it was put, and what is left out is plain', async () => {
  const accountId = newAccount();
  const whole = await put({
    accountId,
    name: 'Travel & more',
    isDefault: true,
    installName: 'Résumé eSIM ✈',
    networkName: '旅行電話',
    foreground: '#1A3C8C',
    background: '#fff4dd',
    logo,
  });
  assert.deepEqual(await getBranding(ctx, { accountId, idOrName: whole.id }), whole);
  assert.deepEqual(await getBranding(ctx, { accountId, idOrName: 'Travel & more' }), whole);
  assert.equal(await defaultOf(accountId), whole.id);
  assert.deepEqual(installedNames(whole), { profileName: 'Résumé eSIM ✈', serviceProviderName: '旅行電話' });
  const plain = await put({ accountId, name: 'plain' });
  const { id, createdAt, updatedAt, ...rest } = plain;
  assert.match(id, /^brd_/);
  assert.deepEqual([createdAt, updatedAt], [ctx.now, ctx.now]);
  assert.deepEqual(rest, {
    accountId,
    name: 'plain',
    isDefault: false,
    installName: null,
    networkName: null,
    foreground: '#000000',
    background: '#ffffff',
    logo: null,
  });
  assert.deepEqual(installedNames(plain), {});
});

test('putting a name again replaces all of it, under the same id', async () => {
  const accountId = newAccount();
  const first = await put({ accountId, name: 'one', installName: 'One', isDefault: true, logo });
  const second = await put({ accountId, name: 'one', networkName: 'Two' }, later);
  assert.deepEqual(second, {
    ...first,
    isDefault: false,
    installName: null,
    networkName: 'Two',
    logo: null,
    updatedAt: later.now,
  });
  assert.deepEqual(await getBranding(ctx, { accountId, idOrName: 'one' }), second);
  assert.equal(await defaultOf(accountId), undefined);
});

test('there is one default: a new one takes it from the last, and all of it is told', async () => {
  const accountId = newAccount();
  const other = newAccount();
  const theirs = await put({ accountId: other, name: 'a', isDefault: true });
  await put({ accountId, name: 'a', isDefault: true });
  const newest = await put({ accountId, name: 'b', isDefault: true, logo }, later);
  assert.deepEqual([await defaultOf(accountId), await defaultOf(other)], [newest.id, theirs.id]);
  const before = await getBranding(ctx, { accountId, idOrName: 'a' });
  assert.deepEqual([before.isDefault, before.updatedAt], [false, later.now]);
  await put({ accountId, name: 'b', isDefault: true });
  await remove(accountId, 'b');
  assert.deepEqual(
    (await events(accountId)).map(([type, data]: any) => [type, data.name, data.isDefault, data.hasLogo]),
    [
      ['branding.put', 'a', true, false],
      ['branding.put', 'a', false, false],
      ['branding.put', 'b', true, true],
      ['branding.put', 'b', true, false],
      ['branding.removed', 'b', true, undefined],
    ],
  );
});

test('defaults that are put at the same time leave one default, and none fails', async () => {
  const accountId = newAccount();
  const names = Array.from({ length: 8 }, (_, index) => `n${index}`);
  await Promise.all(names.map((name) => put({ accountId, name, isDefault: true })));
  const defaults = (await listBrandings(ctx, { accountId })).filter(({ isDefault }) => isDefault);
  assert.equal(defaults.length, 1);
});

test('a removed branding is gone for its account, and its name is free', async () => {
  const accountId = newAccount();
  const { id } = await put({ accountId, name: 'gone', isDefault: true });
  await remove(accountId, id);
  await assert.rejects(remove(accountId, id), { code: 'not_found' });
  await assert.rejects(getBranding(ctx, { accountId, idOrName: 'gone' }), { code: 'not_found' });
  assert.equal(await defaultOf(accountId), undefined);
  assert.equal((await findBrandingsOfEsims(ctx, [{ brandingId: id }])).size, 0);
  assert.notEqual((await put({ accountId, name: 'gone' })).id, id);
});

test('a branding of another account answers like an unknown one', async () => {
  const [accountId, other] = [newAccount(), newAccount()];
  const { id } = await put({ accountId, name: 'mine' });
  for (const idOrName of [id, 'mine', 'Mine', 'brd_0']) {
    await assert.rejects(getBranding(ctx, { accountId: other, idOrName }), { code: 'not_found' });
    await assert.rejects(remove(other, idOrName), { code: 'not_found' });
  }
  assert.deepEqual(await listBrandings(ctx, { accountId: other }), []);
  assert.equal((await getBranding(ctx, { accountId, idOrName: 'mine' })).id, id);
});

test('brandings are listed newest first, by page, without their logos, and an account has fifty at most', async () => {
  const accountId = newAccount();
  for (let count = 0; count < brandingsMax; count++) await put({ accountId, name: `n${count}`, logo });
  const first = await listBrandings(ctx, { accountId, limit: 20 });
  assert.deepEqual([first[0]?.name, first[19]?.name, first[0]?.hasLogo], ['n49', 'n30', true]);
  assert.ok(!('logo' in (first[0] ?? {})));
  const second = await listBrandings(ctx, { accountId, limit: 100, before: first[19]?.id ?? '' });
  assert.deepEqual([second.length, second[0]?.name, second[29]?.name], [30, 'n29', 'n0']);
  assert.deepEqual(
    await listBrandings(ctx, { accountId, limit: 20, after: first[19]?.id ?? '' }),
    first.slice(0, 19),
  );
  await assert.rejects(put({ accountId, name: 'one more' }), { code: 'conflict' });
  await put({ accountId, name: 'n0', installName: 'Again' });
  assert.equal((await listBrandings(ctx, { accountId, limit: 100 })).length, brandingsMax);
});

test('the brandings of eSIMs are read in one statement, and in none when no eSIM has one', async () => {
  const accountId = newAccount();
  const [one, two] = [await put({ accountId, name: 'one' }), await put({ accountId, name: 'two', logo })];
  const esims = [one.id, null, two.id, one.id, 'brd_unknown'].map((brandingId) => ({ brandingId }));
  const found = await findBrandingsOfEsims(ctx, esims);
  assert.deepEqual([...found.keys()].sort(), [one.id, two.id].sort());
  assert.deepEqual(found.get(two.id), two);
  const nothing = { ...ctx, db: undefined as never };
  assert.equal((await findBrandingsOfEsims(nothing, [{ brandingId: null }])).size, 0);
});

const refused: [name: string, input: Partial<PutBranding>, fields: string[]][] = [
  ['no name', { name: '' }, ['name']],
  ['a name too long', { name: 'a'.repeat(101) }, ['name']],
  ['a name like an id', { name: 'brd_1' }, ['name']],
  ['a name with a line break', { name: 'a\nb' }, ['name']],
  ['an empty install name', { installName: '' }, ['installName']],
  ['an install name of 17 characters', { installName: 'a'.repeat(17) }, ['installName']],
  ['an install name of blanks', { installName: '  ' }, ['installName']],
  ['a network name that turns direction', { networkName: 'abc\u202Edef' }, ['networkName']],
  ['a network name of half a character', { networkName: 'a\ud800' }, ['networkName']],
  ['a network name of too many bytes', { networkName: '旅行電話旅行電話旅行電' }, ['networkName']],
  [
    'colours that are none, and a bad name',
    { installName: '\0', foreground: 'red' },
    ['installName', 'foreground'],
  ],
  ['too little contrast', { foreground: '#888888' }, ['foreground']],
  ['a logo that is no PNG', { logo: Buffer.from('<svg/>') }, ['logo']],
];
for (const [name, input, fields] of refused) {
  test(`${name}: refused by its field, and nothing is kept`, async () => {
    const accountId = newAccount();
    await assert.rejects(put({ accountId, name: 'x', ...input }), (error: any) => {
      assert.equal(error.code, 'invalid_request');
      assert.deepEqual(
        error.fields.map(({ field }: { field: string }) => field),
        fields,
      );
      return true;
    });
    assert.deepEqual([await listBrandings(ctx, { accountId }), await events(accountId)], [[], []]);
  });
}

test('sixteen characters of four bytes each fit as an install name', async () => {
  const installName = '𝒂'.repeat(16);
  assert.equal((await put({ accountId: newAccount(), name: 'x', installName })).installName, installName);
});
