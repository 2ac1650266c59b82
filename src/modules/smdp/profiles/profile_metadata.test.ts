import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../base/ids.ts';
import { query } from '../../../pg/query.ts';
import { testCtx } from '../../../pg/test_ctx.ts';
import { testDatabase } from '../../../pg/test_database.ts';
import { write } from '../../../pg/write.ts';
import { readStoreMetadata } from '../../../rsp/asn1/store_metadata.ts';
import { createProfileType, generateStock, type ProfileMetadata, takeStock } from '../../inventory/index.ts';
import { releaseProfiles } from './release_profiles.ts';

const ctx = testCtx(await testDatabase());
const accountId = newId('account');
const names = { serviceProviderName: 'Overair', profileName: 'Travel', profileClass: 'operational' } as const;
let types = 0;

/** What the device is told of a profile of a type with this metadata. */
async function metadataOf(more: Partial<ProfileMetadata>) {
  return await write(ctx, {}, async (tx) => {
    const name = `type-${types++}`;
    const metadata = { ...names, ...more };
    const profileType = await createProfileType(tx, accountId, { name, personalisation: 'full', metadata });
    await generateStock(tx, { accountId, profileType, count: 1 });
    const taken = await takeStock(tx, profileType.id, [{ orderId: name, quantity: 1 }]);
    const [stock] = taken.get(name) ?? [];
    assert.ok(stock);
    await releaseProfiles(tx, [
      {
        stock,
        profileType,
        accountId,
        smdpAddress: 'smdp.example',
        delivery: 'activation_code',
        eid: null,
        confirmationCodeHash: null,
        expiresAt: null,
      },
    ]);
    const [row] = await query<{ metadata: Buffer }>(
      tx.db,
      'select metadata from smdp.profiles where iccid = $1',
      [stock.iccid],
    );
    return readStoreMetadata(row!.metadata);
  });
}

const all = ['install', 'enable', 'disable', 'delete'];

test('the device tells this server everything when nothing else is said', async () => {
  const { notificationConfigurationInfo } = await metadataOf({});
  assert.deepEqual(notificationConfigurationInfo, [
    { profileManagementOperation: all, notificationAddress: 'smdp.example' },
  ]);
});

test('the device tells this server what it shall, and the others that are named beside it', async () => {
  const { notificationConfigurationInfo } = await metadataOf({
    notifications: ['install'],
    notificationAddresses: [
      { address: 'hub.example', operations: ['enable', 'delete'] },
      { address: 'all.example' },
    ],
  });
  assert.deepEqual(notificationConfigurationInfo, [
    { profileManagementOperation: ['install'], notificationAddress: 'smdp.example' },
    { profileManagementOperation: ['enable', 'delete'], notificationAddress: 'hub.example' },
    { profileManagementOperation: all, notificationAddress: 'all.example' },
  ]);
});

test('the owner is written with its group identifiers', async () => {
  const { profileOwner } = await metadataOf({ ownerMccMnc: '99970', ownerGid1: 'A1', ownerGid2: 'b2c3' });
  assert.deepEqual(
    [profileOwner?.mccMnc, profileOwner?.gid1, profileOwner?.gid2].map((bytes) =>
      Buffer.from(bytes ?? []).toString('hex'),
    ),
    ['99f907', 'a1', 'b2c3'],
  );
});
