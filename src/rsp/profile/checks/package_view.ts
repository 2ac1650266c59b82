// What every check looks at: the package taken apart once; and the form of what a check finds.

import { listFiles, type ProfileFile } from '../file_system.ts';
import { findElement, type ProfileElement, type ProfileElementName } from '../profile_element.ts';
import { type ProfileHeader, readProfileHeader } from '../profile_header.ts';
import { childOf, type TlvNode } from '../tlv_tree.ts';

export type PackageView = {
  elements: readonly ProfileElement[];
  header: ProfileHeader;
  headerNode: TlvNode | undefined;
  files: readonly ProfileFile[];
};

/**
 * What a check found. `element` is the position in the package, from 0; `path` that of the file at fault. An error keeps an
 * eUICC from installing the package.
 */
export type Finding = { severity: 'error' | 'warning'; element?: number; path?: string; message: string };

/** A rule: what is wrong with the package, or an empty list. Changes nothing, throws nothing. */
export type Check = (view: PackageView) => Finding[];

export function viewPackage(elements: readonly ProfileElement[]): PackageView {
  const headerNode = findElement(elements, 'header')?.node;
  return { elements, headerNode, header: readProfileHeader(headerNode), files: listFiles(elements) };
}

export function error(message: string, element?: number): Finding {
  return { severity: 'error', ...(element === undefined || element < 0 ? {} : { element }), message };
}

export function warning(message: string, element?: number): Finding {
  return { ...error(message, element), severity: 'warning' };
}

/** The finding when the rule is broken. */
export function unless(holds: boolean, finding: Finding): Finding[] {
  return holds ? [] : [finding];
}

/** An element as people call it: `OPT-USIM`. */
export function label(name: string): string {
  return name.toUpperCase();
}

/** Elements of one name with their positions. */
export function elementsNamed(
  view: PackageView,
  ...names: ProfileElementName[]
): { element: ProfileElement; index: number }[] {
  return view.elements
    .map((element, index) => ({ element, index }))
    .filter(({ element }) => names.some((name) => name === element.name));
}

/** All key sets of their own (algoParameter): one for each akaParameter that borrows none. */
export function ownKeySets(view: PackageView): { keySet: TlvNode; index: number; mandated: boolean }[] {
  return elementsNamed(view, 'akaParameter').flatMap(({ element, index }) => {
    const keySet = childOf(childOf(element.node, 0xa1), 0xa1);
    return keySet ? [{ keySet, index, mandated: element.mandated }] : [];
  });
}
