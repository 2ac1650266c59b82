// PIN, PUK and ADM codes: their values, references and tries.
import { childOf, childrenOf, integerOf, type TlvNode } from '../tlv_tree.ts';
import { type Check, elementsNamed, error, type Finding, type PackageView, unless } from './package_view.ts';

export const codeChecks: Readonly<Record<string, Check>> = {
  'codes are digits': (view) => [
    ...puks(view).flatMap(({ name, value, index }) =>
      unless(/^\d{8}$/.test(digitsOf(value)), error(`${name} is not 8 digits.`, index)),
    ),
    ...pins(view).flatMap(({ name, value, index, reference = 0 }) =>
      isAdm(reference)
        ? unless(value?.length === 8, error(`${name} is not 8 bytes.`, index))
        : unless(
            value?.length === 8 && /^\d{4,8}ÿ*$/.test(digitsOf(value)),
            error(`${name} is not 4 to 8 digits.`, index),
          ),
    ),
  ],

  'references are known': (view) => [
    ...puks(view).flatMap(({ reference, index }) =>
      unless(isApplicationKey(reference), unknownReference(reference, index)),
    ),
    ...pins(view).flatMap(({ reference, index }) =>
      unless(isApplicationKey(reference) || isAdm(reference ?? 0), unknownReference(reference, index)),
    ),
  ],

  'references are unique in their element': (view) =>
    [...byElement(puks(view)), ...byElement(pins(view))].flatMap((codes) =>
      codes.flatMap(({ reference, index }, i) =>
        unless(
          codes.findIndex((other) => other.reference === reference) === i,
          error(`Reference ${hexByte(reference)} occurs twice in one element.`, index),
        ),
      ),
    ),

  'global PINs in the root, local PINs in applications': (view) =>
    pins(view).flatMap(({ reference = 0, index }) => {
      const local = reference >= 128;
      const atRoot = isAtRoot(view, index);
      const level = atRoot ? 'MF' : 'application';
      return unless(
        local !== atRoot,
        error(`PIN reference ${hexByte(reference)} is not allowed at ${level} level.`, index),
      );
    }),

  'PUKs exist before they are named': (view) => {
    const known = puks(view);
    return pins(view).flatMap(({ name, unblocking, index }) =>
      unless(
        unblocking === undefined || known.some((puk) => puk.reference === unblocking && puk.index < index),
        error(`${name} names a PUK that is not in the package.`, index),
      ),
    );
  },

  'codes are not blocked': (view) =>
    [...puks(view), ...pins(view)].flatMap(({ name, tries, index }) => {
      const [most, left] = [tries >> 4, tries & 15];
      if (tries < 0 || tries > 255 || left > most)
        return [error(`${name} has impossible numbers of tries.`, index)];
      return unless(left > 0, error(`${name} is already blocked.`, index));
    }),
};

export type CardCode = {
  name: string;
  reference: number | undefined;
  value: Uint8Array | undefined;
  unblocking: number | undefined;
  /** High nibble: most; low nibble: left. */
  tries: number;
};

/** The PINs of a pinCodes element of its own; none when it shares those of another directory. */
export function pinLists(node: TlvNode): CardCode[] {
  const list = childOf(childOf(node, 0xa1), 0xa0);
  return childrenOf(list, 0x30).map((entry) => {
    const reference = integerOf(childOf(entry, 0x80));
    return {
      name: pinName(reference),
      reference,
      value: childOf(entry, 0x81)?.value,
      unblocking: integerOf(childOf(entry, 0x82)),
      tries: triesOf(entry, 0x84, 0x33),
    };
  });
}

type PlacedCode = CardCode & { index: number };

export function pins(view: PackageView): PlacedCode[] {
  return elementsNamed(view, 'pinCodes').flatMap(({ element, index }) =>
    pinLists(element.node).map((pin) => ({ ...pin, index })),
  );
}

function puks(view: PackageView): PlacedCode[] {
  return elementsNamed(view, 'pukCodes').flatMap(({ element, index }) =>
    childrenOf(childOf(element.node, 0xa1), 0x30).map((entry) => {
      const reference = integerOf(childOf(entry, 0x80));
      const value = childOf(entry, 0x81)?.value;
      const name = `PUK ${hexByte(reference)}`;
      return { name, reference, value, unblocking: undefined, tries: triesOf(entry, 0x82, 0xaa), index };
    }),
  );
}

function triesOf(entry: TlvNode, tag: number, byDefault: number): number {
  const field = childOf(entry, tag);
  return field ? (integerOf(field) ?? -1) : byDefault;
}

/** True when no application or other directory than the root came before the element. */
function isAtRoot({ files }: PackageView, index: number): boolean {
  return !files.some(({ element, kind, name }) => element < index && kind === 'directory' && name !== 'MF');
}

function byElement(codes: PlacedCode[]): PlacedCode[][] {
  return [...Map.groupBy(codes, ({ index }) => index).values()];
}

/** pinAppl1 to 8, secondPINAppl1 to 8. */
function isApplicationKey(reference = 0): boolean {
  return (reference >= 1 && reference <= 8) || (reference >= 129 && reference <= 136);
}

/** adm1 to 10. */
function isAdm(reference: number): boolean {
  return (reference >= 10 && reference <= 14) || (reference >= 138 && reference <= 142);
}

function pinName(reference = 0): string {
  if (reference >= 10 && reference <= 14) return `ADM${reference - 9}`;
  if (reference === 1) return 'PIN1';
  return reference === 129 ? 'PIN2' : `PIN ${hexByte(reference)}`;
}

function unknownReference(reference: number | undefined, index: number): Finding {
  return error(`Reference ${hexByte(reference)} is none of a PIN, PUK or ADM code.`, index);
}

function hexByte(value = 0): string {
  return value.toString(16).toUpperCase().padStart(2, '0');
}

function digitsOf(value: Uint8Array | undefined): string {
  return Buffer.from(value ?? []).toString('latin1');
}
