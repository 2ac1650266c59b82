// Published test values: fine in a package that is to be personalised, never in one that goes to a customer.
import { asBuffer } from '../../../base/bytes.ts';
import { fileTags, fileTemplates } from '../file_templates.ts';
import { findElement } from '../profile_element.ts';
import { fileContent } from '../profile_file.ts';
import { childOf, childrenOf, integerOf } from '../tlv_tree.ts';
import { pins } from './code_checks.ts';
import { type Check, elementsNamed, ownKeySets, type PackageView, unless, warning } from './package_view.ts';

export const testValueChecks: Readonly<Record<string, Check>> = {
  'keys are not test keys': (view) =>
    ownKeySets(view).flatMap(({ keySet, index }) =>
      unless(!hasTestKey(childOf(keySet, 0x82)?.value), testValue('Ki is 000102…0F', index)),
    ),

  'OPc is set': (view) =>
    ownKeySets(view).flatMap(({ keySet, index }) =>
      unless(
        integerOf(childOf(keySet, 0x80)) !== 1 || (childOf(keySet, 0x83)?.value.some(Boolean) ?? false),
        testValue('OPc is all zero', index),
      ),
    ),

  'algorithm is not the test algorithm': (view) =>
    ownKeySets(view).flatMap(({ keySet, index }) =>
      unless(integerOf(childOf(keySet, 0x80)) !== 3, testValue('the algorithm is the test algorithm', index)),
    ),

  'ADM codes are not test codes': (view) =>
    pins(view).flatMap(({ name, value, index }) =>
      unless(
        !(name.startsWith('ADM') && value?.every((byte) => byte === value[0])),
        testValue(`${name} is one digit repeated`, index),
      ),
    ),

  'OTA keys are not test keys': (view) =>
    elementsNamed(view, 'securityDomain').flatMap(({ element, index }) => {
      const keys = childrenOf(childOf(element.node, 0xa2), 0x30);
      const data = keys.map((key) => childOf(childOf(childOf(key, 0x30), 0x30), 0x86)?.value);
      return unless(!data.some(hasTestKey), testValue('a key of the security domain is 000102…0F', index));
    }),

  'card is not in test mode': (view) => {
    const index = view.elements.findIndex(({ name }) => name === 'usim');
    return unless((administrativeMode(view) & 0x80) === 0, testValue('EF_AD says type approval mode', index));
  },
};

function administrativeMode({ elements }: PackageView): number {
  const entry = childOf(findElement(elements, 'usim')?.node, fileTags.usim.ad);
  try {
    return (entry && fileContent(entry, fileTemplates.usim?.[fileTags.usim.ad])[0]) ?? 0;
  } catch {
    return 0;
  }
}

const testKey = Buffer.from('000102030405060708090A0B0C0D0E0F', 'hex');

function hasTestKey(key: Uint8Array | undefined): boolean {
  return key !== undefined && asBuffer(key).equals(testKey);
}

function testValue(what: string, index: number) {
  return warning(`Test values are still in the profile: ${what}.`, index);
}
