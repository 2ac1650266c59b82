import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { buildProfilePackage } from './build_profile_package.ts';
import { checkProfilePackage } from './check_profile_package.ts';
import { inspectProfilePackage } from './inspect_profile_package.ts';
import {
  personalise,
  personaliseProfilePackage,
  preparePersonalisation,
} from './personalise_profile_package.ts';
import { readProfileElements, writeProfileElements } from './profile_element.ts';
import {
  otherSubscription,
  skipWithoutPackages,
  testSubscription,
  ts48Package,
  ts48Packages,
} from './test_subscription.ts';
import { childOf, constructed, leaf } from './tlv_tree.ts';

const suci = 'TS48V5-SAIP2-3-BERTLV-SUCI';
const { iccid, imsi, ki, opc, pin1, puk1, puk2, adm1 } = testSubscription;
const vector = { iccid, imsi, ki, opc, pin1, puk1, puk2, adm1 };

test('the personalisation vector is met to the byte, with and without header flags', {
  skip: skipWithoutPackages,
}, () => {
  const without = personaliseProfilePackage(ts48Package(suci), vector, ['iccid', 'imsi', 'keys', 'codes']);
  assert.equal(sha256(without), '09e122c5a32046c6eb33804d21b37658999841a20fb7a8e2df62621f6c787e8b');
  const whole = personaliseProfilePackage(ts48Package(suci), vector, [
    'iccid',
    'imsi',
    'keys',
    'codes',
    'services',
  ]);
  assert.equal(sha256(whole), 'da6cc1f4905c911c6598364c6135e3547f464d46d70ef609130a134261d87f12');
});

test('every GSMA test package takes a whole subscription and stays valid', {
  skip: skipWithoutPackages,
}, () => {
  for (const { name, bytes } of ts48Packages()) {
    const before = sha256(bytes);
    const result = personaliseProfilePackage(bytes, otherSubscription);
    assert.equal(sha256(bytes), before, `${name} itself is unchanged`);
    assert.deepEqual(
      checkProfilePackage(result).filter(({ severity }) => severity === 'error'),
      [],
      name,
    );
    const info = inspectProfilePackage(result);
    assert.deepEqual(
      [info.iccid, info.imsi, info.serviceProviderName, info.msisdn, info.algorithms.join()],
      [otherSubscription.iccid, otherSubscription.imsi, 'Über 7', otherSubscription.msisdn, 'milenage'],
      name,
    );
    const text = Buffer.from(result);
    assert.equal(text.indexOf('GSMA\u0011TEST', 0, 'latin1'), -1, `${name} has no trace of the old name`);
    assert.equal(
      count(text, Buffer.from('4321'.padEnd(8, '\xff'), 'latin1')),
      4,
      `${name} has PIN2 everywhere`,
    );
    assert.equal(count(text, otherSubscription.ki), 2, `${name} has K in both key sets`);
    assert.equal(count(text, otherSubscription.otaKeys.kic), 2, `${name} has the OTA key in both versions`);
  }
});

test('elements that no field names keep every byte', { skip: skipWithoutPackages }, () => {
  const original = ts48Package(suci);
  const result = readProfileElements(personaliseProfilePackage(original, otherSubscription));
  const same = readProfileElements(original).flatMap(({ raw, name }, i) =>
    Buffer.from(raw).equals(result[i]?.raw ?? new Uint8Array()) ? [name] : [],
  );
  assert.equal(
    same.join(' '),
    'telecom genericFileManagement gsm-access df-5gs df-saip csim opt-csim cdmaParameter opt-isim ' +
      'genericFileManagement genericFileManagement rfm rfm rfm rfm end',
  );
});

test('a package built for one subscription and personalised for another is the one built for the other', () => {
  // The IMSI before is shorter, so that the files of the ISIM have to grow.
  const template = preparePersonalisation(
    buildProfilePackage({ ...testSubscription, imsi: '00101123456789' }),
  );
  const expected = { ...otherSubscription, pin1: '98765' };
  for (let round = 0; round < 2; round++)
    assert.equal(sha256(personalise(template, expected)), sha256(buildProfilePackage(expected)));
  const xor = { ...expected, algorithm: 'test-xor' as const };
  const services = inspectProfilePackage(personalise(template, xor)).services;
  assert.deepEqual(services, ['usim', 'isim', 'usim-test-algorithm']);
});

test('values the subscription does not have stay as the operator wrote them', () => {
  const original = buildProfilePackage(testSubscription);
  const info = inspectProfilePackage(personaliseProfilePackage(original, { iccid, imsi, ki, opc }));
  assert.equal(info.serviceProviderName, 'Example');
  assert.equal(info.msisdn, '+49301234567');
  assert.equal(sha256(personaliseProfilePackage(original, { iccid, imsi, ki, opc })), sha256(original));
});

test('a file too small for the new value grows', { skip: skipWithoutPackages }, () => {
  const isim = readProfileElements(personaliseProfilePackage(ts48Package(suci), otherSubscription)).find(
    ({ name }) => name === 'isim',
  );
  const impi = childOf(isim?.node, 0xa3);
  const size = childOf(childOf(impi, 0xa1), 0x80)?.value;
  assert.equal(size?.[0], 2 + '310260987654321@ims.mnc260.mcc310.3gppnetwork.org'.length);
  assert.equal(childOf(impi, 0x83)?.value.length, size?.[0]);
});

test('a value for a file that the template makes by itself is put in, and its service switched on', () => {
  const bare = readProfileElements(buildProfilePackage(testSubscription)).map((element) => {
    if (element.name !== 'usim') return element;
    const kept = element.node.children.filter(({ tag }) => tag !== 0xab && tag !== 0xb5);
    return constructed(
      element.tag,
      kept.map((child) => (child.tag === 0xa8 ? constructed(0xa8, [leaf(0x83, new Uint8Array(14))]) : child)),
    );
  });
  const result = readProfileElements(
    personaliseProfilePackage(writeProfileElements(bare), otherSubscription),
  );
  const usim = result.find(({ name }) => name === 'usim')?.node;
  const tags = usim?.children.map(({ tag }) => tag) ?? [];
  assert.deepEqual(
    tags,
    tags.toSorted((a, b) => (a < 0xa2 || b < 0xa2 ? 0 : a - b)),
  );
  const content = (tag: number) =>
    Buffer.from(childOf(childOf(usim, tag), 0x83)?.value ?? []).toString('hex');
  assert.equal(content(0xb5), '00000003');
  assert.equal(content(0xab), `${'ff'.repeat(10)}fd${'ff'.repeat(12)}07912160130300f4${'ff'.repeat(7)}`);
  assert.equal(content(0xa8), `000814${'00'.repeat(11)}`);
});

test('the ISIM follows the network code length on the card when the subscription names none', () => {
  const { mncLength, ...unnamed } = otherSubscription;
  const result = personaliseProfilePackage(buildProfilePackage(testSubscription), unnamed);
  assert.ok(Buffer.from(result).includes('ims.mnc026.mcc310'));
  const named = personaliseProfilePackage(buildProfilePackage(testSubscription), { ...unnamed, mncLength });
  assert.ok(Buffer.from(named).includes('ims.mnc260.mcc310'));
});

test('keys of other security domains than the first are left alone', () => {
  const elements = readProfileElements(buildProfilePackage(testSubscription));
  const domain = elements.find(({ name }) => name === 'securityDomain');
  const two = writeProfileElements(elements.toSpliced(12, 0, ...(domain ? [domain] : [])));
  const result = readProfileElements(personaliseProfilePackage(two, otherSubscription));
  assert.ok(!Buffer.from(result[11]!.raw).equals(domain!.raw));
  assert.ok(Buffer.from(result[12]!.raw).equals(domain!.raw));
});

test('a package without a place for keys, IMSI or ICCID is refused when it is prepared', () => {
  const elements = readProfileElements(buildProfilePackage(testSubscription, { isim: false }));
  for (const missing of ['mf', 'usim', 'akaParameter']) {
    const without = writeProfileElements(elements.filter(({ name }) => name !== missing));
    assert.throws(() => preparePersonalisation(without), { code: 'invalid_profile_package' }, missing);
  }
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function count(bytes: Buffer, wanted: Uint8Array): number {
  let found = 0;
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) found++;
  return found;
}
