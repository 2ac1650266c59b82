import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../base/app_error.ts';
import { buildProfilePackage } from './build_profile_package.ts';
import { checkProfilePackage } from './check_profile_package.ts';
import { iccidOfPackage } from './iccid_of_package.ts';
import { inspectProfilePackage } from './inspect_profile_package.ts';
import { personalise, preparePersonalisation } from './personalise_profile_package.ts';
import { readProfileElements, writeProfileElements } from './profile_element.ts';
import { skipWithoutPackages, testSubscription, ts48Packages } from './test_subscription.ts';
import { constructed, type TlvNode } from './tlv_tree.ts';

const built = buildProfilePackage(testSubscription);

test('the elements of a package are named in order, with identification and mandate', () => {
  const elements = readProfileElements(built);
  assert.equal(
    elements.map(({ name }) => name).join(' '),
    'header mf pukCodes pinCodes usim opt-usim pinCodes akaParameter isim pinCodes akaParameter securityDomain rfm end',
  );
  assert.deepEqual(
    elements.map(({ identification }) => identification),
    [undefined, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
  );
  assert.ok(elements.slice(1).every(({ mandated }) => mandated));
});

test('every GSMA test package comes out of reading and writing byte for byte', {
  skip: skipWithoutPackages,
}, () => {
  for (const { name, bytes } of ts48Packages()) {
    const elements = readProfileElements(bytes);
    assert.ok(Buffer.from(writeProfileElements(elements)).equals(bytes), name);
    assert.ok(
      Buffer.concat(elements.map(({ node }) => rebuilt(node).raw)).equals(bytes),
      `${name} from its leaves`,
    );
  }
});

test('a package cut off anywhere is refused with plain words by every reader', () => {
  for (let length = 0; length < built.length; length++) {
    const cut = built.subarray(0, length);
    for (const read of [readProfileElements, inspectProfilePackage, preparePersonalisation])
      assert.throws(() => read(cut), { code: 'invalid_profile_package' }, `${read.name} at ${length}`);
    assert.ok(
      checkProfilePackage(cut).some(({ severity }) => severity === 'error'),
      `check at ${length}`,
    );
  }
});

test('a package with any bytes changed is read, or refused with an error for the caller, never a crash', () => {
  let seed = 20261121;
  const random = (below: number) => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  for (let round = 0; round < 3000; round++) {
    const damaged = Buffer.from(built);
    for (let i = 0; i <= round % 4; i++) damaged[random(damaged.length)] = random(256);
    checkProfilePackage(damaged);
    for (const read of [
      inspectProfilePackage,
      iccidOfPackage,
      (bytes: Uint8Array) => personalise(preparePersonalisation(bytes), testSubscription),
    ])
      try {
        read(damaged);
      } catch (error) {
        assert.ok(
          error instanceof AppError && error.code === 'invalid_profile_package',
          `round ${round}: ${error}`,
        );
      }
  }
});

test('elements nested without end are refused', () => {
  let nested: TlvNode = constructed(0x30, []);
  for (let depth = 0; depth < 200; depth++) nested = constructed(0x30, [nested]);
  assert.throws(() => readProfileElements(nested.raw), { code: 'invalid_profile_package' });
});

test('a package of more elements than any real one has is refused at once', () => {
  const many = Buffer.concat([built, Buffer.from('AA07A005800081010D'.repeat(10_000), 'hex')]);
  assert.throws(() => readProfileElements(many), { code: 'invalid_profile_package' });
  assert.throws(() => readProfileElements(new Uint8Array(600 * 1024)), { code: 'invalid_profile_package' });
});

test('header and card file agree on the ICCID, or the package is refused', () => {
  assert.equal(iccidOfPackage(built), testSubscription.iccid);
  const differs = Buffer.from(built);
  const at = differs.indexOf(Buffer.from('980011223344556677F6', 'hex'));
  differs[at + 5] = 0x12;
  assert.throws(() => iccidOfPackage(differs), {
    detail: 'The ICCID in the header and in the card file differ.',
  });
});

function rebuilt(node: TlvNode): TlvNode {
  return node.children.length > 0 ? constructed(node.tag, node.children.map(rebuilt)) : node;
}
