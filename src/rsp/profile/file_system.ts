// All files and directories that a package creates, in order, each with the path it ends up at.
import { asBuffer } from '../../base/bytes.ts';
import { type FileTemplate, fileTemplates } from './file_templates.ts';
import type { ProfileElement, ProfileElementName } from './profile_element.ts';
import { fcpOf, fcpTags, fileLayout, type PlacedFill, placedFills } from './profile_file.ts';
import { childOf, childrenOf, type TlvNode } from './tlv_tree.ts';

export type ProfileFile = {
  /** Position of the element in the package. */
  element: number;
  /** Name in the specification, or the identifier in hex. */
  name: string;
  kind: 'directory' | 'file';
  /** Path of the directory it lies in, as hex identifiers; empty for the root. */
  parent: string;
  /** Identifier in hex; undefined when neither descriptor nor template tells. */
  fid: string | undefined;
  fcp: TlvNode | undefined;
  template: FileTemplate | undefined;
  /** True when made by genericFileManagement, where no template helps. */
  generic: boolean;
  size: number | undefined;
  recordLength: number | undefined;
  fills: PlacedFill[];
  /** The entry in a template element: its CHOICEs in order. */
  entry: TlvNode | undefined;
};

/** Directories that lie in another application than the root, by the element that must come before. */
const baseOf: Partial<Record<ProfileElementName, ProfileElementName>> = {
  'opt-usim': 'usim',
  phonebook: 'usim',
  'gsm-access': 'usim',
  eap: 'usim',
  'df-5gs': 'usim',
  'df-saip': 'usim',
  'df-snpn': 'usim',
  'df-5gprose': 'usim',
  'opt-isim': 'isim',
  'opt-csim': 'csim',
};

const firstEntryTag = 0xa2;

/** Lists what the elements create. Never throws on fields of a wrong size: those are for the checks to name. */
export function listFiles(elements: readonly ProfileElement[]): ProfileFile[] {
  const roots = new Map<string, string>();
  return elements.flatMap((element, index) => {
    if (element.name === 'genericFileManagement') return genericFiles(element, index);
    if (element.templateId === undefined) return [];
    const base = roots.get(baseOf[element.name as ProfileElementName] ?? '') ?? '';
    const files = templateFiles(element, index, base);
    const root = files.find((file) => file.kind === 'directory' && file.name !== 'MF');
    if (root) roots.set(element.name, root.parent + (root.fid ?? ''));
    return files;
  });
}

/** Path of a directory itself. */
export function pathOf(file: ProfileFile): string {
  return file.name === 'MF' ? '' : file.parent + (file.fid ?? '');
}

/** `3F00/7FD0/6F07`, for a person. */
export function readablePath(file: ProfileFile): string {
  const path = file.parent + (file.name === 'MF' ? '' : (file.fid ?? '????'));
  return ['3F00', ...(path.match(/.{1,4}/g) ?? [])].join('/');
}

function templateFiles(element: ProfileElement, index: number, base: string): ProfileFile[] {
  const templates = fileTemplates[element.name as ProfileElementName] ?? {};
  const ownDirectory = templates[firstEntryTag]?.fid !== undefined && !element.name.startsWith('opt-');
  const files: ProfileFile[] = [];
  let root = base;
  let current = base;
  for (const entry of element.node.children.filter(({ tag }) => tag >= firstEntryTag)) {
    const template = templates[entry.tag];
    const isRoot = entry.tag === firstEntryTag && ownDirectory;
    const fcp = fcpOf(entry);
    const directory = isRoot || isDirectory(fcp);
    const file = {
      ...describe(fcp, template, index),
      kind: directory ? ('directory' as const) : ('file' as const),
      parent: isRoot ? base : directory ? root : current,
      generic: false,
      fills: placedFills(entry.children, 0x82, 0x83),
      entry,
    };
    files.push(file);
    if (directory) current = pathOf(file);
    if (isRoot) root = current;
  }
  return files;
}

/** fileManagementCMD [1]: a list of { filePath 80 | createFCP 62 | fillFileOffset 02 | fillFileContent 81 } in any order. */
function genericFiles(element: ProfileElement, index: number): ProfileFile[] {
  const files: ProfileFile[] = [];
  for (const commands of childrenOf(childOf(element.node, 0xa1), 0x30)) {
    let path = '';
    for (const [at, command] of commands.children.entries()) {
      if (command.tag === 0x80) path = hexOf(command.value);
      if (command.tag !== 0x62) continue;
      const rest = commands.children.slice(at + 1);
      const next = rest.findIndex(({ tag }) => tag === 0x62);
      files.push({
        ...describe(command, undefined, index),
        kind: isDirectory(command) ? 'directory' : 'file',
        parent: path,
        generic: true,
        fills: placedFills(next < 0 ? rest : rest.slice(0, next), 0x02, 0x81),
        entry: undefined,
      });
    }
  }
  return files;
}

function describe(fcp: TlvNode | undefined, template: FileTemplate | undefined, element: number) {
  const id = childOf(fcp, fcpTags.fileId);
  const fid = id ? hexOf(id.value) : template?.fid || undefined;
  return {
    element,
    name: template?.name ?? fid ?? 'without identifier',
    fid,
    fcp,
    template,
    ...fileLayout(fcp, template),
  };
}

/** A descriptor of type 78 (ETSI TS 102 221 §11.1.1.4.3) or with PIN status is one of a directory. */
function isDirectory(fcp: TlvNode | undefined): boolean {
  const type = childOf(fcp, fcpTags.fileDescriptor)?.value[0] ?? 0;
  return (type & 0x3f) === 0x38 || childOf(fcp, fcpTags.pinStatusTemplate) !== undefined;
}

function hexOf(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('hex').toUpperCase();
}
