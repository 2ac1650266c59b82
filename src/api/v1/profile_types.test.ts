import assert from 'node:assert/strict';
import { test } from 'node:test';
import { query } from '../../pg/query.ts';
import { testDatabase } from '../../pg/test_database.ts';
import { buildProfilePackage } from '../../rsp/profile/build_profile_package.ts';
import { testSubscription } from '../../rsp/profile/test_subscription.ts';
import { openShop } from './test_shop.ts';

const shop = await openShop(await testDatabase());
const packageText = Buffer.from(buildProfilePackage(testSubscription)).toString('base64');
const metadata = { serviceProviderName: 'Overair', profileName: 'Travel', profileClass: 'operational' };
const create = (body: object) => shop.call('POST', '/v1/profile-types', { body });

test('a profile type with a package and an icon is added and listed', async () => {
  const icon = Buffer.from('89504e470d0a1a0a', 'hex').toString('base64');
  const given = { ...metadata, iconType: 'png' };
  const { status, json } = await create({ name: 'travel', package: packageText, metadata: given, icon });
  assert.equal(status, 201);
  assert.deepEqual([json.personalisation, json.hasIcon, json.metadata], ['full', true, given]);
  assert.equal(json.packageBytes, Buffer.from(packageText, 'base64').length);
  const { json: list } = await shop.call('GET', '/v1/profile-types');
  assert.deepEqual(
    list.data.find((each: { name: string }) => each.name === 'travel'),
    json,
  );
});

test('a name is taken once', async () => {
  await create({ name: 'twice', metadata });
  const { status, json } = await create({ name: 'twice', metadata });
  assert.deepEqual([status, json.code], [409, 'conflict']);
});

test('a broken package is refused with its first fault', async () => {
  const { status, json } = await create({ name: 'broken', package: packageText.slice(0, 400), metadata });
  assert.deepEqual([status, json.code, json.fields[0].field], [400, 'invalid_profile_package', 'package']);
});

test('a profile type is shown to its account, and is unknown to every other one', async () => {
  const { json } = await create({ name: 'mine', metadata });
  assert.equal(json.ofInstallation, false);
  assert.deepEqual((await shop.call('GET', '/v1/profile-types/mine')).json, json);
  const secret = await shop.newKey(['operator'], await shop.newAccount());
  const found = await shop.call('GET', '/v1/profile-types/mine', { secret });
  assert.equal(found.json.code, 'unknown_profile_type');
  assert.deepEqual((await shop.call('GET', '/v1/profile-types', { secret })).json, { data: [] });
  assert.deepEqual((await shop.call('GET', '/v1/stock', { secret })).json, { data: [] });
  const body = { profileType: 'mine', generate: 1 };
  const added = await shop.call('POST', '/v1/stock/batches', { body, secret });
  assert.equal(added.json.code, 'unknown_profile_type');
});

test('a profile type of the installation is for every account', async () => {
  await create({ name: 'everyones', metadata });
  await query(shop.ctx.db, "update inventory.profile_types set account_id = null where name = 'everyones'");
  const secret = await shop.newKey(['operator'], await shop.newAccount());
  const { json } = await shop.call('GET', '/v1/profile-types/everyones', { secret });
  assert.deepEqual([json.name, json.ofInstallation], ['everyones', true]);
});

test('metadata with an owner, notification addresses and policy rules is kept as it is', async () => {
  const given = {
    ...metadata,
    ownerMccMnc: '99970',
    ownerGid1: 'A1B2',
    policyRules: ['ppr1'],
    notifications: ['install'],
    notificationAddresses: [
      { address: 'notify.example', operations: ['delete'] },
      { address: 'n2.example:8443' },
    ],
  };
  const { status, json } = await create({ name: 'rich', metadata: given });
  assert.deepEqual([status, json.metadata], [201, given]);
});

const icon = Buffer.from('89504e470d0a1a0a', 'hex').toString('base64');
const refused: [body: object, field: string][] = [
  [{ name: 'x', metadata: { ...metadata, iconType: 'jpg' }, icon }, 'icon'],
  [{ name: 'x', metadata: { ...metadata, iconType: 'png' } }, 'icon'],
  [{ name: 'x', metadata: { ...metadata, ownerGid1: '00' } }, 'metadata.ownerMccMnc'],
  [{ name: 'x', metadata: { ...metadata, ownerMccMnc: '99970', ownerGid2: 'x' } }, 'metadata.ownerGid2'],
  [
    { name: 'x', metadata: { ...metadata, notificationAddresses: [{ address: 'https://a' }] } },
    'metadata.notificationAddresses',
  ],
  [
    {
      name: 'x',
      metadata: { ...metadata, notificationAddresses: Array(9).fill({ address: 'a.example' }) },
    },
    'metadata.notificationAddresses',
  ],
  [{ name: 'a b', metadata }, 'name'],
  [{ name: 'x', metadata, package: '!!' }, 'package'],
  [{ name: 'x', metadata, personalisation: 'none' }, 'personalisation'],
  [{ name: 'x', metadata: { ...metadata, policyRules: ['ppr1'] } }, 'metadata.ownerMccMnc'],
  [{ name: 'x', metadata: { ...metadata, profileClass: 'best' } }, 'metadata.profileClass'],
  [{ name: 'x' }, 'metadata'],
];
for (const [body, field] of refused) {
  test(`${JSON.stringify(body)} is refused by name`, async () => {
    const { json } = await create(body);
    assert.deepEqual([json.code, json.fields[0].field], ['invalid_request', field]);
  });
}

test('a good package is shown with what is in it', async () => {
  const { json } = await shop.call('POST', '/v1/profile-types/check', { body: { package: packageText } });
  assert.equal(json.usable, true);
  assert.equal(json.info.iccid, testSubscription.iccid);
  assert.equal(json.info.elements[0].name, 'header');
});

test('a broken package is shown with its faults', async () => {
  const body = { package: Buffer.from('no package').toString('base64') };
  const { json } = await shop.call('POST', '/v1/profile-types/check', { body });
  assert.deepEqual([json.usable, json.info, json.findings[0].severity], [false, null, 'error']);
});
