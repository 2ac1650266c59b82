// One subscriber, told in several places of the package: the places must agree.
import { sameBytes } from '../../../base/bytes.ts';
import { decodeImsi } from '../card_encodings.ts';
import { fileTags, fileTemplates } from '../file_templates.ts';
import { findElement } from '../profile_element.ts';
import { fileContent } from '../profile_file.ts';
import { mncLengthOf } from '../subscription.ts';
import { childOf } from '../tlv_tree.ts';
import { type Check, ownKeySets, type PackageView, unless, warning } from './package_view.ts';

export const consistencyChecks: Readonly<Record<string, Check>> = {
  'IMSI and ISIM agree': (view) => {
    const imsi = imsiOf(view);
    const impi = impiOf(view);
    if (imsi === undefined || impi === undefined || isOfTest(impi)) return [];
    const index = view.elements.findIndex(({ name }) => name === 'isim');
    return unless(
      impi.split('@')[0] === imsi || !/^\d+@/.test(impi),
      warning('The private identity (IMPI) of the ISIM is not that of the IMSI.', index),
    );
  },

  'ISIM is none of the test network': (view) => {
    const index = view.elements.findIndex(({ name }) => name === 'isim');
    return unless(
      !isOfTest(impiOf(view) ?? ''),
      warning(
        'Test values are still in the profile: the identity of the ISIM is one of test.3gpp.com.',
        index,
      ),
    );
  },

  'network code has the length of its country': (view) => {
    const imsi = imsiOf(view);
    const onCard = contentOf(view, 'usim', fileTags.usim.ad)?.[3];
    // India has networks of both lengths.
    if (imsi === undefined || onCard === undefined || /^40[45]/.test(imsi)) return [];
    const index = view.elements.findIndex(({ name }) => name === 'usim');
    const digits = mncLengthOf({ imsi });
    return unless(
      (onCard & 0x0f) === digits,
      warning(
        `EF_AD gives a network code of ${onCard & 0x0f} digits, but the country ${imsi.slice(0, 3)} has ${digits}.`,
        index,
      ),
    );
  },

  'an access class is set': (view) => {
    const classes = contentOf(view, 'usim', fileTags.usim.acc);
    const index = view.elements.findIndex(({ name }) => name === 'usim');
    return unless(
      classes === undefined || classes.some(Boolean),
      warning('EF_ACC names no access class.', index),
    );
  },

  'USIM and ISIM have the same key': (view) => {
    const [first, ...others] = ownKeySets(view);
    return others.flatMap(({ keySet, index }) => {
      const isSame = [0x82, 0x83].every((tag) =>
        sameBytes(fieldOf(first?.keySet, tag), fieldOf(keySet, tag)),
      );
      return unless(isSame, warning('The key sets of two applications differ.', index));
    });
  },
};

function imsiOf(view: PackageView): string | undefined {
  const content = contentOf(view, 'usim', fileTags.usim.imsi);
  return content && decodeImsi(content);
}

/** EF_IMPI: one TLV with tag 80. */
function impiOf(view: PackageView): string | undefined {
  const content = contentOf(view, 'isim', fileTags.isim.impi);
  const length = content?.[1] ?? 0;
  return content?.[0] === 0x80 && length > 0 && length < 0x80
    ? Buffer.from(content.subarray(2, 2 + length)).toString('latin1')
    : undefined;
}

function isOfTest(impi: string): boolean {
  return impi.endsWith('@test.3gpp.com');
}

function fieldOf(node: Parameters<typeof childOf>[0], tag: number): Uint8Array {
  return childOf(node, tag)?.value ?? new Uint8Array();
}

/** What a file holds; undefined when it is absent, or when its content does not fit, which another check names. */
function contentOf({ elements }: PackageView, name: 'usim' | 'isim', tag: number): Uint8Array | undefined {
  const entry = childOf(findElement(elements, name)?.node, tag);
  try {
    return entry && fileContent(entry, fileTemplates[name]?.[tag]);
  } catch {
    return undefined;
  }
}
