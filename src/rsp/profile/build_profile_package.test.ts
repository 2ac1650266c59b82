import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { fromBER } from 'asn1js';
import { buildProfilePackage } from './build_profile_package.ts';
import { checkProfilePackage } from './check_profile_package.ts';
import { inspectProfilePackage } from './inspect_profile_package.ts';
import { readProfileElements } from './profile_element.ts';
import { otherSubscription, testSubscription } from './test_subscription.ts';
import { childOf } from './tlv_tree.ts';

const { iccid, imsi, ki, opc } = testSubscription;

test('the working example comes out byte for byte', () => {
  const bytes = buildProfilePackage(testSubscription, { isim: false, profileType: 'Example operational' });
  assert.equal(bytes.length, 1784);
  assert.equal(
    createHash('sha256').update(bytes).digest('hex'),
    '35ad9af1fd047a068441c26baf4cbf077d4437442b7363386c733872b5c70365',
  );
});

const variants = {
  'with all data': buildProfilePackage(testSubscription),
  'without ISIM': buildProfilePackage(testSubscription, { isim: false }),
  'with the least data': buildProfilePackage({ iccid, imsi, ki, opc }),
  'of another network': buildProfilePackage(otherSubscription, { pin1Enabled: true }),
};

for (const [name, bytes] of Object.entries(variants)) {
  test(`a package ${name} passes every check`, () => {
    assert.deepEqual(checkProfilePackage(bytes), []);
  });

  test(`a package ${name} is well-formed DER to an independent decoder`, () => {
    let at = 0;
    for (const { name: element, raw } of readProfileElements(bytes)) {
      const { offset, result } = fromBER(bytes.subarray(at));
      assert.equal(offset, raw.length, element);
      assert.ok(Buffer.from(result.toBER()).equals(raw), element);
      at += offset;
    }
    assert.equal(at, bytes.length);
  });
}

test('a package with the test algorithm says so in header and key sets', () => {
  const bytes = buildProfilePackage({ ...testSubscription, algorithm: 'test-xor' });
  const info = inspectProfilePackage(bytes);
  assert.deepEqual(info.services, ['usim', 'isim', 'usim-test-algorithm']);
  assert.deepEqual(info.algorithms, ['test-xor']);
  assert.ok(checkProfilePackage(bytes).every(({ severity }) => severity === 'warning'));
});

test('a package tells what it was built from', () => {
  const { elements, ...info } = inspectProfilePackage(buildProfilePackage(otherSubscription));
  assert.deepEqual(info, {
    version: '2.1',
    profileType: 'Operational',
    iccid: otherSubscription.iccid,
    imsi: otherSubscription.imsi,
    serviceProviderName: otherSubscription.serviceProviderName,
    msisdn: otherSubscription.msisdn,
    services: ['usim', 'isim', 'milenage'],
    templates: ['2.23.143.1.2.1', '2.23.143.1.2.4', '2.23.143.1.2.5', '2.23.143.1.2.8'],
    algorithms: ['milenage'],
  });
  assert.equal(elements.length, 14);
});

test('the ISIM carries the identities that follow from the IMSI', () => {
  const isim = readProfileElements(variants['of another network']).find(({ name }) => name === 'isim');
  const text = (tag: number) =>
    Buffer.from(childOf(childOf(isim?.node, tag), 0x83)?.value ?? [])
      .toString('latin1')
      .slice(2);
  assert.equal(text(0xa3), '310260987654321@ims.mnc260.mcc310.3gppnetwork.org');
  assert.equal(text(0xa4), 'sip:310260987654321@ims.mnc260.mcc310.3gppnetwork.org');
  assert.equal(text(0xa5), 'ims.mnc260.mcc310.3gppnetwork.org');
});

test('wrong data is refused before anything is built', () => {
  assert.throws(() => buildProfilePackage({ ...testSubscription, imsi: '1' }), { code: 'invalid_request' });
  for (const profileType of ['', 'x'.repeat(101)])
    assert.throws(() => buildProfilePackage(testSubscription, { profileType }), { code: 'invalid_request' });
});
