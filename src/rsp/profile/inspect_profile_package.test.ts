import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspectProfilePackage } from './inspect_profile_package.ts';
import { skipWithoutPackages, ts48Package, ts48Packages } from './test_subscription.ts';

const known: [name: string, elements: number, bytes: number, iccid: string, version: string][] = [
  ['TS48V1-A', 28, 11768, '8949449999999990023', '2.1'],
  ['TS48V1-B', 29, 11785, '8949449999999990031', '2.1'],
  ['TS48V2-SAIP2-1-BERTLV', 28, 12257, '8949449999999990049', '2.1'],
  ['TS48V2-SAIP2-3-BERTLV', 30, 12309, '8949449999999990056', '2.3'],
  ['TS48V5-SAIP2-1A-NOBERTLV', 28, 12060, '8949449999999990148', '2.1'],
  ['TS48V5-SAIP2-3-BERTLV-SUCI', 30, 12284, '8949449999999990163', '2.3'],
];

for (const [name, elements, bytes, iccid, version] of known)
  test(`${name} is described as published`, { skip: skipWithoutPackages }, () => {
    const info = inspectProfilePackage(ts48Package(name));
    const last = info.elements.at(-1);
    assert.deepEqual(
      [info.elements.length, (last?.offset ?? 0) + (last?.length ?? 0), info.iccid, info.version],
      [elements, bytes, iccid, version],
    );
  });

test('what all GSMA test packages share is found in each', { skip: skipWithoutPackages }, () => {
  for (const { name, bytes } of ts48Packages()) {
    const info = inspectProfilePackage(bytes);
    assert.equal(info.imsi, '001010123456063', name);
    assert.equal(info.serviceProviderName, 'GSMA_TEST', name);
    assert.equal(info.msisdn, undefined, name);
    assert.deepEqual(info.algorithms, ['test-xor'], name);
    for (const service of ['usim', 'isim', 'csim', 'usim-test-algorithm'])
      assert.ok(info.services.includes(service), `${name} ${service}`);
  }
});

test('elements carry offset, length and identification', { skip: skipWithoutPackages }, () => {
  const { elements } = inspectProfilePackage(ts48Package('TS48V5-SAIP2-3-BERTLV-SUCI'));
  assert.deepEqual(elements[7], { name: 'usim', identification: 8, offset: 2552, length: 1205 });
});
