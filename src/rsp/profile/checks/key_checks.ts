// Authentication keys, security domain keys and remote file management.
import { asBuffer } from '../../../base/bytes.ts';
import { fcpTags } from '../profile_file.ts';
import { childOf, childrenOf, integerOf, type TlvNode } from '../tlv_tree.ts';
import {
  type Check,
  elementsNamed,
  error,
  type Finding,
  label,
  ownKeySets,
  type PackageView,
  unless,
  warning,
} from './package_view.ts';

export const keyChecks: Readonly<Record<string, Check>> = {
  'algorithm is known': eachKeySet((keySet, index) =>
    unless([1, 2, 3].includes(idOf(keySet)), error('A key set names an unknown algorithm.', index)),
  ),

  'keys have their lengths': eachKeySet((keySet, index) => {
    const [key, opc] = [lengthOf(keySet, 0x82), lengthOf(keySet, 0x83)];
    return idOf(keySet) === 2
      ? [
          ...unless(key === 16 || key === 32, error('The TUAK key must be 16 or 32 bytes.', index)),
          ...unless(opc === 32, error('TOPc must be 32 bytes.', index)),
        ]
      : [
          ...unless(key === 16, error('Ki must be 16 bytes.', index)),
          ...unless(opc === 16, error('OPc must be 16 bytes.', index)),
        ];
  }),

  'Milenage constants have their sizes': eachKeySet((keySet, index) => {
    const rotations = childOf(keySet, 0x84)?.value;
    const constants = childOf(keySet, 0x85)?.value;
    return [
      ...unless(
        !rotations || (rotations.length === 5 && rotations.every((value) => value <= 127)),
        error('The rotation constants must be 5 numbers up to 127.', index),
      ),
      ...unless(!constants || constants.length === 80, error('The xor constants must be 80 bytes.', index)),
    ];
  }),

  'sequence numbers are in range': (view) =>
    elementsNamed(view, 'akaParameter').flatMap(({ element: { node }, index }) => {
      const start = childOf(node, 0xa5);
      const numbers = [childOf(node, 0x83), childOf(node, 0x84), ...(start?.children ?? [])];
      const inRange = numbers.every(
        (number) => !number || (number.value.length === 6 && (number.value[0] ?? 0) <= 7),
      );
      const complete = !start || [0, 32].includes(start.children.length);
      return [
        ...unless(inRange, error('A sequence number is larger than 07FFFFFFFFFF.', index)),
        ...unless(complete, error('The sequence number list must have 32 entries.', index)),
      ];
    }),

  'applications have keys': (view) =>
    elementsNamed(view, 'usim', 'isim').flatMap(({ element, index }) => {
      const after = view.elements.slice(index + 1);
      const next = after.findIndex(({ name }) => ['usim', 'isim', 'csim'].includes(name));
      const own = next < 0 ? after : after.slice(0, next);
      return unless(
        own.some(({ name }) => name === 'akaParameter'),
        error(`${label(element.name)} has no authentication key.`, index),
      );
    }),

  'key sets stand in an application': (view) =>
    elementsNamed(view, 'akaParameter').flatMap(({ index }) =>
      unless(
        applicationBefore(view, index) >= 0,
        error('A key set comes before the application it is for.', index),
      ),
    ),

  'an application has one key set': (view) => {
    const owners = elementsNamed(view, 'akaParameter').map(({ index }) => ({
      index,
      owner: applicationBefore(view, index),
    }));
    return owners.flatMap(({ index, owner }, i) => {
      const first = owners.findIndex((other) => other.owner === owner);
      const name = label(view.elements[owner]?.name ?? '');
      return unless(owner < 0 || first === i, error(`${name} has two key sets.`, index));
    });
  },

  'borrowed key sets exist': (view) => {
    const aids = applicationIds(view);
    return elementsNamed(view, 'akaParameter').flatMap(({ element, index }) => {
      const source = childOf(childOf(childOf(element.node, 0xa1), 0xa0), 0x81);
      return unless(
        !source || aids.includes(hexOf(source.value)),
        error('A key set is borrowed from an application that is not in the package.', index),
      );
    });
  },

  'there is a security domain': (view) =>
    unless(
      elementsNamed(view, 'securityDomain').length > 0,
      error('The package has no security domain of the operator.'),
    ),

  'security domain keys are well formed': (view) =>
    domainKeys(view).flatMap(({ type, bytes, index }) => {
      const lengths = type === keyTypeDes ? [16, 24] : [16, 24, 32];
      const symmetric = type === keyTypeDes || type === keyTypeAes;
      return unless(
        !symmetric || lengths.includes(bytes),
        error('A key of a security domain has a wrong length.', index),
      );
    }),

  'messages over the air have keys': (view) => {
    const [first] = elementsNamed(view, 'securityDomain');
    if (!first) return [];
    const sets = Map.groupBy(
      domainKeys(view).filter(({ index, version = 0 }) => index === first.index && version <= 15),
      ({ version }) => version,
    );
    const isComplete = [...sets.values()].some((keys) =>
      [1, 2, 3].every((id) => keys.some((key) => key.id === id)),
    );
    return unless(
      isComplete,
      warning(
        'The security domain of the operator has no set of three keys with a version from 01 to 0F.',
        first.index,
      ),
    );
  },

  'security domain keys are unique': (view) =>
    domainKeys(view).flatMap(({ version, id, index }, i, all) =>
      unless(
        all.findIndex((other) => other.version === version && other.id === id && other.index === index) === i,
        error(`Two keys share version ${hexByte(version)}, id ${hexByte(id)}.`, index),
      ),
    ),

  'remote management finds its application': (view) => {
    const aids = applicationIds(view);
    return elementsNamed(view, 'rfm').flatMap(({ element, index }) => {
      const aid = childOf(childOf(element.node, 0x30), 0x80);
      return unless(
        !aid || aids.includes(hexOf(aid.value)),
        error('Remote file management refers to an unknown application.', index),
      );
    });
  },

  'remote management is protected': (view) =>
    elementsNamed(view, 'rfm').flatMap(({ element, index }) => {
      const level = childOf(element.node, 0x81)?.value.at(-1);
      return unless(
        level === undefined || (level & 3) !== 0,
        warning('Remote file management takes commands without a checksum or signature.', index),
      );
    }),

  'remote management addresses are unique': (view) => {
    const targets = elementsNamed(view, 'rfm').flatMap(({ element, index }) =>
      childrenOf(element.node, 0xa0).flatMap((list) =>
        childrenOf(list, 0x04).map(({ value }) => ({ tar: hexOf(value), index })),
      ),
    );
    return targets.flatMap(({ tar, index }, i) => [
      ...unless(tar.length === 6, error(`Address (TAR) ${tar} is not 3 bytes.`, index)),
      ...unless(
        targets.findIndex((other) => other.tar === tar) === i,
        error(`Two applications share the address (TAR) ${tar}.`, index),
      ),
    ]);
  },
};

/** Position of the application that an element at `index` belongs to; -1 for none. */
function applicationBefore({ elements }: PackageView, index: number): number {
  return elements.findLastIndex(({ name }, at) => at < index && ['usim', 'isim', 'csim'].includes(name));
}

function applicationIds({ files }: PackageView): string[] {
  return files.flatMap(({ fcp }) => {
    const aid = childOf(fcp, fcpTags.dfName);
    return aid ? [hexOf(aid.value)] : [];
  });
}

const keyTypeDes = 0x80;
const keyTypeAes = 0x88;

type DomainKey = {
  version: number | undefined;
  id: number | undefined;
  type: number | undefined;
  bytes: number;
  index: number;
};

function domainKeys(view: PackageView): DomainKey[] {
  return elementsNamed(view, 'securityDomain').flatMap(({ element, index }) =>
    childrenOf(childOf(element.node, 0xa2), 0x30).flatMap((key) => {
      const component = childOf(childOf(key, 0x30), 0x30);
      return {
        version: childOf(key, 0x83)?.value.at(-1),
        id: childOf(key, 0x82)?.value.at(-1),
        type: childOf(component, 0x80)?.value.at(-1),
        bytes: lengthOf(component, 0x86),
        index,
      };
    }),
  );
}

function eachKeySet(check: (keySet: TlvNode, index: number) => Finding[]): Check {
  return (view) => ownKeySets(view).flatMap(({ keySet, index }) => check(keySet, index));
}

function idOf(keySet: TlvNode): number {
  return integerOf(childOf(keySet, 0x80)) ?? 0;
}

function lengthOf(node: TlvNode | undefined, tag: number): number {
  return childOf(node, tag)?.value.length ?? 0;
}

function hexByte(value = 0): string {
  return value.toString(16).toUpperCase().padStart(2, '0');
}

function hexOf(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('hex').toUpperCase();
}
