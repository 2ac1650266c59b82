import assert from 'node:assert/strict';
import { test } from 'node:test';
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

const refused: [body: object, field: string][] = [
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
