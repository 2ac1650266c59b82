// What refers to what: paths, temporary identifiers, PINs of directories, access rules of files.
import { asBuffer } from '../../../base/bytes.ts';
import { type ProfileFile, pathOf, readablePath } from '../file_system.ts';
import { fileTemplates } from '../file_templates.ts';
import type { ProfileElementName } from '../profile_element.ts';
import { fcpTags } from '../profile_file.ts';
import { childOf } from '../tlv_tree.ts';
import { pinLists } from './code_checks.ts';
import { type Check, elementsNamed, error, type PackageView, unless, warning } from './package_view.ts';

export const referenceChecks: Readonly<Record<string, Check>> = {
  'application paths are unique': ({ files }) => {
    const roots = files.filter(({ name, kind }) => kind === 'directory' && name.startsWith('ADF_'));
    return roots.flatMap((file, i) => [
      ...unless(
        file.fid !== undefined,
        error(`Directory ${file.name} has no temporary identifier.`, file.element),
      ),
      ...unless(
        roots.findIndex(({ fid }) => fid === file.fid) === i,
        error(`Two applications share the temporary identifier ${file.fid}.`, file.element),
      ),
    ]);
  },

  'paths exist when used': ({ files }) => {
    const known = new Set(['']);
    return files.flatMap((file) => {
      const exists = known.has(file.parent);
      if (file.kind === 'directory') known.add(pathOf(file));
      const message = `Path ${written(file.parent)} is used before it is created.`;
      return unless(!file.generic || exists, error(message, file.element));
    });
  },

  'files are created once': ({ files }) => {
    const known = new Set<string>();
    return files.flatMap((file) => {
      const path = readablePath(file);
      const isNew = file.fid === undefined || !known.has(path);
      known.add(path);
      return unless(isNew, { ...error(`File ${path} is created twice.`, file.element), path });
    });
  },

  'links have their target': ({ files }) => {
    const known = new Set<string>();
    return files.flatMap((file) => {
      const target = childOf(file.fcp, fcpTags.linkPath)?.value ?? [];
      const path = hexOf(Uint8Array.from(target));
      const exists = path === '' || known.has(path) || isOfTemplate(files, path);
      known.add(file.parent + file.fid);
      const message = `File ${file.name} is a link to ${path.match(/.{1,4}/g)?.join('/')}, which does not exist by then.`;
      return unless(exists, { ...error(message, file.element), path: readablePath(file) });
    });
  },

  'short identifiers are unique': ({ files }) => {
    const known = new Map<string, string>();
    return files.flatMap((file) => {
      const sfi = childOf(file.fcp, fcpTags.shortEfId)?.value;
      if (sfi?.length !== 1) return [];
      const key = `${file.parent} ${sfi[0]}`;
      const other = known.get(key);
      known.set(key, file.name);
      const message = `Files ${other} and ${file.name} have the same short identifier.`;
      return unless(other === undefined, { ...warning(message, file.element), path: readablePath(file) });
    });
  },

  'shared PINs exist': (view) => {
    const defined = definedPins(view);
    return elementsNamed(view, 'pinCodes').flatMap(({ element, index }) => {
      const source = childOf(childOf(element.node, 0xa1), 0x81);
      return unless(
        !source || defined.has(hexOf(source.value)),
        error('PINs are shared with a directory that has none.', index),
      );
    });
  },

  'directories name their PINs': ({ files }) =>
    files.flatMap(({ kind, fcp, name, element, entry }) =>
      unless(
        kind === 'file' ||
          entry?.children.length === 0 ||
          childOf(fcp, fcpTags.pinStatusTemplate) !== undefined,
        error(`Directory ${name} does not say which PINs it uses.`, element),
      ),
    ),

  'PINs of directories exist': (view) => {
    const defined = definedPins(view);
    return view.files.flatMap((file) => {
      const references = childOf(file.fcp, fcpTags.pinStatusTemplate)?.value ?? [];
      return Array.from(references).flatMap((reference) =>
        unless(
          isDefined(defined, pathOf(file), reference),
          error(
            `Directory ${file.name} refers to PIN ${reference.toString(16).toUpperCase().padStart(2, '0')}, which is not defined.`,
            file.element,
          ),
        ),
      );
    });
  },

  'access rules exist': ({ files }) => {
    const ruleFiles = new Map(
      files
        .filter(({ fid }) => fid === '2F06' || fid === '6F06')
        .map((file) => [file.parent + file.fid, file]),
    );
    return files.flatMap((file) => {
      const reference = childOf(file.fcp, fcpTags.securityAttributesReferenced)?.value;
      if (!reference || reference.length === 2 || reference.length > 3) return [];
      return unless(
        hasRule(ruleFiles, file, reference),
        error(`File ${file.name} refers to an access rule that does not exist.`, file.element),
      );
    });
  },
};

/** True for a file that its template makes by itself, listed or not: USIM, ISIM, CSIM and the root have such. */
function isOfTemplate(files: readonly ProfileFile[], path: string): boolean {
  const directory = files.find((file) => file.kind === 'directory' && pathOf(file) === path.slice(0, -4));
  const element = directory?.name.replace('ADF_', '').toLowerCase() as ProfileElementName | undefined;
  const made = element && Object.values(fileTemplates[element] ?? {});
  return made?.some(({ fid }) => fid === path.slice(-4)) ?? false;
}

function hasRule(ruleFiles: Map<string, ProfileFile>, file: ProfileFile, reference: Uint8Array): boolean {
  const near = file.parent === '' ? '2F06' : '6F06';
  const fid = reference.length === 3 ? hexOf(reference.subarray(0, 2)) : near;
  const inside = file.kind === 'directory' ? pathOf(file) : file.parent;
  for (const path of upwards(inside)) {
    const rules = ruleFiles.get(path + fid);
    if (!rules) continue;
    if (!rules.size || !rules.recordLength) return true;
    const record = reference.at(-1) ?? 0;
    return record >= 1 && record <= rules.size / rules.recordLength;
  }
  return false;
}

/** PIN references by the path of the directory they belong to: the one made last when their element comes. */
function definedPins(view: PackageView): Map<string, Set<number>> {
  const defined = new Map<string, Set<number>>();
  let context = '';
  view.elements.forEach((element, index) => {
    context = contextAfter(view, element.name as ProfileElementName, index) ?? context;
    if (element.name !== 'pinCodes') return;
    const own = defined.get(context) ?? new Set();
    defined.set(context, own);
    const shared = childOf(childOf(element.node, 0xa1), 0x81);
    for (const reference of shared ? (defined.get(hexOf(shared.value)) ?? []) : []) own.add(reference);
    for (const { reference } of pinLists(element.node)) if (reference !== undefined) own.add(reference);
  });
  return defined;
}

/** Root directory an element makes, or the last one that file management makes; additions to an application change nothing. */
function contextAfter(view: PackageView, name: ProfileElementName, index: number): string | undefined {
  const directories = view.files.filter(({ element, kind }) => element === index && kind === 'directory');
  if (name === 'genericFileManagement')
    return directories.at(-1) && pathOf(directories.at(-1) as ProfileFile);
  const [root] = directories;
  const inRoot = root && root.parent === '' && fileTemplates[name];
  return inRoot ? pathOf(root) : undefined;
}

function isDefined(defined: Map<string, Set<number>>, path: string, reference: number): boolean {
  return upwards(path).some((directory) => defined.get(directory)?.has(reference));
}

/** The path, its parents, and the root. */
function upwards(path: string): string[] {
  return Array.from({ length: path.length / 4 + 1 }, (_, i) => path.slice(0, path.length - i * 4));
}

function written(path: string): string {
  return path.match(/.{1,4}/g)?.join('/') ?? path;
}

function hexOf(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('hex').toUpperCase();
}
