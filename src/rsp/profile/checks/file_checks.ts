// Each file by itself: its entry, its descriptor, its size and its content.
import { sameBytes } from '../../../base/bytes.ts';
import { decodeImsi } from '../card_encodings.ts';
import { type ProfileFile, readablePath } from '../file_system.ts';
import { fileTags, fileTemplates } from '../file_templates.ts';
import { findElement } from '../profile_element.ts';
import { fcpTags, fileContent } from '../profile_file.ts';
import { childOf, childrenOf } from '../tlv_tree.ts';
import { type Check, error, type Finding, label, type PackageView, unless, warning } from './package_view.ts';

export const fileChecks: Readonly<Record<string, Check>> = {
  'not created means no content': eachFile(({ entry, name, element }) =>
    unless(
      childrenOf(entry, doNotCreate).length === 0 || entry?.children.length === 1,
      error(`File ${name} mixes 'do not create' with content.`, element),
    ),
  ),

  'descriptor first, once': eachFile(({ entry, name, element }) =>
    unless(
      entry?.children.every(({ tag }, at) => tag !== fileDescriptor || at === 0) ?? true,
      error(`The descriptor of file ${name} must come first.`, element),
    ),
  ),

  'descriptor fields have their lengths': eachFile(({ fcp, name, element }) => {
    const info = childOf(fcp, fcpTags.proprietaryInfo);
    const wrong = fieldLengths.some(([tag, min, max]) => {
      const length = (childOf(fcp, tag) ?? childOf(info, tag))?.value.length;
      return length !== undefined && (length < min || length > max);
    });
    const bothPatterns = childOf(info, fcpTags.fillPattern) && childOf(info, fcpTags.repeatPattern);
    const message = `Descriptor of file ${name} has a field of wrong length.`;
    return [
      ...unless(!wrong, error(message, element)),
      ...unless(!bothPatterns, error(`File ${name} has two patterns for its content.`, element)),
    ];
  }),

  'files have a size': eachFile(({ generic, kind, fcp, name, element }) => {
    const size = childOf(fcp, fcpTags.efFileSize);
    const takesNone = kind === 'directory' || (childOf(fcp, fcpTags.linkPath)?.value.length ?? 0) > 0;
    return [
      ...unless(!generic || takesNone || size !== undefined, error(`File ${name} has no size.`, element)),
      ...unless(
        !takesNone || size === undefined,
        error(`File ${name} is a directory or link and must have no size.`, element),
      ),
      ...unless(
        size === undefined || size.value.length < 2 || size.value[0] !== 0,
        error(`The size of file ${name} starts with a zero byte.`, element),
      ),
    ];
  }),

  'content fits': eachFile(({ size, recordLength, fills, name, element, fcp }) => {
    const end = Math.max(0, ...fills.map((fill) => fill.end));
    const ownSize = childOf(fcp, fcpTags.efFileSize) !== undefined;
    const uneven =
      ownSize &&
      size !== undefined &&
      recordLength !== undefined &&
      (recordLength === 0 || size % recordLength !== 0);
    return [
      ...unless(
        size === undefined || end <= size,
        error(`Content of file ${name} is longer than the file.`, element),
      ),
      ...unless(!uneven, error(`The size of file ${name} is no multiple of its record length.`, element)),
    ];
  }),

  'fixed files have their size': eachFile(({ name, size, element }) => {
    const fixed = fixedSizes[name];
    return unless(
      fixed === undefined || size === undefined || size === fixed,
      error(`File ${name} is ${size} bytes, not ${fixed}.`, element),
    );
  }),

  'mandatory files are there': ({ elements }) =>
    elements.flatMap(({ name, node }, i) =>
      Object.entries(fileTemplates[name as keyof typeof fileTemplates] ?? {}).flatMap(([tag, template]) =>
        unless(
          !template.required || childOf(node, Number(tag)) !== undefined,
          error(`${label(name)} lacks ${template.name}.`, i),
        ),
      ),
    ),

  'application identifiers are there': (view) =>
    applications(view).flatMap(({ file, aid }) =>
      unless(
        aid !== undefined && aid.length >= 5 && aid.length <= 16,
        error(
          `The application identifier of ${applicationName(file)} is missing or malformed.`,
          file.element,
        ),
      ),
    ),

  'application identifiers are those of 3GPP': (view) =>
    applications(view).flatMap(({ file, aid }) => {
      const begins = aidBegins[file.name];
      const hex = Buffer.from(aid ?? [])
        .toString('hex')
        .toUpperCase();
      return unless(
        aid === undefined || begins === undefined || hex.startsWith(begins),
        warning(
          `The application identifier of ${applicationName(file)} does not begin with ${begins}.`,
          file.element,
        ),
      );
    }),

  'applications are in EF_DIR': (view) => {
    const directory = contentOf(view, 'mf', fileTags.mf.dir);
    return applications(view).flatMap(({ file, aid }) =>
      unless(
        !aid || !directory || Buffer.from(directory).includes(Buffer.from([0x4f, aid.length, ...aid])),
        error(`${applicationName(file)} is not in EF_DIR.`, file.element),
      ),
    );
  },

  'imsi is well formed': (view) => {
    const content = contentOf(view, 'usim', fileTags.usim.imsi);
    return unless(
      !content || sameBytes(content, blankImsi) || decodeImsi(content) !== undefined,
      error(
        'The IMSI is malformed.',
        view.elements.findIndex(({ name }) => name === 'usim'),
      ),
    );
  },

  'network code length is 2 or 3': (view) => {
    const mncLength = contentOf(view, 'usim', fileTags.usim.ad)?.[3];
    return unless(
      mncLength === undefined || [2, 3].includes(mncLength & 0x0f),
      error(
        'EF_AD gives a network code length other than 2 or 3.',
        view.elements.findIndex(({ name }) => name === 'usim'),
      ),
    );
  },
};

/** ETSI TS 102 221 §13.2, 3GPP TS 31.102 §4.2.2, §4.2.15 and §4.2.12. */
const fixedSizes: Readonly<Record<string, number>> = { EF_ICCID: 10, EF_IMSI: 9, EF_ACC: 2, EF_SPN: 17 };

const doNotCreate = 0x80;
const fileDescriptor = 0xa1;

/** ETSI TS 101 220 annex E. */
const aidBegins: Readonly<Record<string, string>> = {
  ADF_USIM: 'A0000000871002',
  ADF_ISIM: 'A0000000871004',
};

// A package made to be personalised may leave the IMSI blank.
const blankImsi = new Uint8Array(9).fill(0xff);

const fieldLengths: readonly [tag: number, min: number, max: number][] = [
  [fcpTags.fileDescriptor, 2, 4],
  [fcpTags.fileId, 2, 2],
  [fcpTags.dfName, 5, 16],
  [fcpTags.lcsi, 1, 1],
  [fcpTags.securityAttributesReferenced, 1, 3],
  [fcpTags.efFileSize, 1, 4],
  [fcpTags.shortEfId, 0, 1],
  [fcpTags.linkPath, 0, 8],
  [fcpTags.fillPattern, 1, 200],
  [fcpTags.repeatPattern, 1, 200],
];

function eachFile(check: (file: ProfileFile) => Finding[]): Check {
  return ({ files }) =>
    files.flatMap((file) => check(file).map((finding) => ({ ...finding, path: readablePath(file) })));
}

/** The ADFs: root directories of USIM, ISIM and CSIM. */
function applications({ files }: PackageView): { file: ProfileFile; aid: Uint8Array | undefined }[] {
  return files
    .filter(({ name }) => name.startsWith('ADF_'))
    .map((file) => ({ file, aid: childOf(file.fcp, fcpTags.dfName)?.value }));
}

function applicationName({ name }: ProfileFile): string {
  return name.replace('ADF_', '');
}

/** What a file holds; undefined when it is absent, or when its content does not fit, which another check names. */
function contentOf({ elements }: PackageView, name: 'mf' | 'usim', tag: number): Uint8Array | undefined {
  const entry = childOf(findElement(elements, name)?.node, tag);
  try {
    return entry && fileContent(entry, fileTemplates[name]?.[tag]);
  } catch {
    return undefined;
  }
}
