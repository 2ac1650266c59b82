// One file entry of a profile element (`File` of SAIP): what it says of the file, its content, and new content for it.
import { AppError } from '../../base/app_error.ts';
import { asBuffer } from '../../base/bytes.ts';
import type { FileTemplate } from './file_templates.ts';
import { childOf, constructed, leaf, type TlvNode, withChild } from './tlv_tree.ts';

/*
 * File ::= SEQUENCE OF CHOICE {
 *   doNotCreate NULL [0], fileDescriptor Fcp [1], fillFileOffset UInt16 [2], fillFileContent OCTET STRING [3] }
 */
const tags = {
  doNotCreate: 0x80,
  fileDescriptor: 0xa1,
  fillFileOffset: 0x82,
  fillFileContent: 0x83,
} as const;

/** Context tags of `Fcp`. */
export const fcpTags = {
  fileDescriptor: 0x82,
  fileId: 0x83,
  dfName: 0x84,
  lcsi: 0x8a,
  securityAttributesReferenced: 0x8b,
  efFileSize: 0x80,
  pinStatusTemplate: 0xc6,
  shortEfId: 0x88,
  proprietaryInfo: 0xa5,
  fillPattern: 0xc1,
  repeatPattern: 0xc2,
  linkPath: 0xc7,
} as const;

const imageBytesMax = 64 * 1024;

export type FileLayout = { size: number | undefined; recordLength: number | undefined };

/** Size and record length of the file: from its descriptor, else from the template. */
export function fileLayout(fcp: TlvNode | undefined, template: FileTemplate | undefined): FileLayout {
  const size = childOf(fcp, fcpTags.efFileSize)?.value;
  const descriptor = childOf(fcp, fcpTags.fileDescriptor)?.value;
  return {
    size:
      size && size.length >= 1 && size.length <= 4
        ? asBuffer(size).readUIntBE(0, size.length)
        : template?.size,
    recordLength: descriptor?.length === 4 ? asBuffer(descriptor).readUInt16BE(2) : template?.recordLength,
  };
}

/** The descriptor inside an entry. */
export function fcpOf(entry: TlvNode | undefined): TlvNode | undefined {
  return childOf(entry, tags.fileDescriptor);
}

/**
 * The bytes the card would hold in this file: the pattern or FF, then the fills over it.
 * Throws `invalid_profile_package` when the content does not fit the file.
 */
export function fileContent(entry: TlvNode, template: FileTemplate | undefined): Uint8Array {
  const fcp = fcpOf(entry);
  const fills = placedFills(entry.children, tags.fillFileOffset, tags.fillFileContent);
  const size = fileLayout(fcp, template).size ?? Math.max(0, ...fills.map((fill) => fill.end));
  if (size > imageBytesMax || fills.some((fill) => fill.end > size)) throw tooLong(template);
  const image = basePattern(fcp, size);
  for (const { at, bytes } of fills) image.set(bytes, at);
  return image;
}

/** The first record of a linear file, or the whole content of a file without records. */
export function firstRecord(entry: TlvNode, template: FileTemplate | undefined): Uint8Array {
  const { recordLength } = fileLayout(fcpOf(entry), template);
  return fileContent(entry, template).subarray(0, recordLength);
}

export type PlacedFill = { at: number; end: number; bytes: Uint8Array };

/** Fills with their positions: an offset skips bytes from the end of the fill before it. */
export function placedFills(nodes: readonly TlvNode[], offsetTag: number, contentTag: number): PlacedFill[] {
  const fills: PlacedFill[] = [];
  let at = 0;
  for (const node of nodes) {
    if (node.tag === offsetTag) at += unsigned(node.value);
    if (node.tag !== contentTag) continue;
    fills.push({ at, end: at + node.value.length, bytes: node.value });
    at += node.value.length;
  }
  return fills;
}

/**
 * The entry with `content` (one record, or the whole file) in place of all it held, fill patterns too. A file or
 * record that is too small for it grows.
 */
export function withContent(
  entry: TlvNode,
  template: FileTemplate | undefined,
  content: Uint8Array,
): TlvNode {
  const fcp = fcpOf(entry);
  const { size, recordLength } = fileLayout(fcp, template);
  const bytes = Math.max(size ?? 0, content.length);
  const image = Buffer.alloc(Math.min(bytes, imageBytesMax), 0xff);
  const records = Math.floor((size ?? 0) / (recordLength || 1));
  if (recordLength !== undefined && content.length > recordLength)
    return grownRecords(entry.tag, fcp, content, Math.max(records, 1));
  image.set(content);
  const kept = fcp
    ? [grown(withoutPatterns(fcp), size, content.length)]
    : newDescriptor(size, content.length);
  return constructed(entry.tag, [...kept, leaf(tags.fillFileContent, image)]);
}

/** An entry that holds nothing but this content; size and descriptor are the template's. */
export function contentEntry(tag: number, content: Uint8Array): TlvNode {
  return constructed(tag, [leaf(tags.fillFileContent, content)]);
}

function grownRecords(tag: number, fcp: TlvNode | undefined, record: Uint8Array, records: number): TlvNode {
  const descriptor = Buffer.from([
    ...(childOf(fcp, fcpTags.fileDescriptor)?.value.subarray(0, 2) ?? [0x42, 0x21]),
    0,
    0,
  ]);
  descriptor.writeUInt16BE(record.length, 2);
  const kept = withDescriptorField(
    withoutPatterns(fcp ?? constructed(tags.fileDescriptor, [])),
    leaf(fcpTags.fileDescriptor, descriptor),
  );
  const sized = withDescriptorField(kept, sizeLeaf(record.length * records));
  return constructed(tag, [sized, leaf(tags.fillFileContent, record)]);
}

function newDescriptor(size: number | undefined, bytes: number): TlvNode[] {
  return size !== undefined && bytes > size ? [constructed(tags.fileDescriptor, [sizeLeaf(bytes)])] : [];
}

function grown(fcp: TlvNode, size: number | undefined, bytes: number): TlvNode {
  return size !== undefined && bytes > size ? withDescriptorField(fcp, sizeLeaf(bytes)) : fcp;
}

// Fcp components in the order of the definition, which is not the order of their tags.
const fcpOrder = [0x82, 0x83, 0x84, 0x8a, 0x8b, 0x80, 0xc6, 0x88, 0xa5, 0xc7];

function withDescriptorField(fcp: TlvNode, field: TlvNode): TlvNode {
  if (childOf(fcp, field.tag)) return withChild(fcp, field);
  const place = fcpOrder.indexOf(field.tag);
  const before = fcp.children.filter((child) => fcpOrder.indexOf(child.tag) < place);
  return constructed(fcp.tag, fcp.children.toSpliced(before.length, 0, field));
}

function withoutPatterns(fcp: TlvNode): TlvNode {
  const info = childOf(fcp, fcpTags.proprietaryInfo);
  const kept = info?.children.filter(
    ({ tag }) => tag !== fcpTags.fillPattern && tag !== fcpTags.repeatPattern,
  );
  if (!info || !kept || kept.length === info.children.length) return fcp;
  return withChild(fcp, constructed(info.tag, kept));
}

function basePattern(fcp: TlvNode | undefined, size: number): Buffer {
  const info = childOf(fcp, fcpTags.proprietaryInfo);
  const repeat = childOf(info, fcpTags.repeatPattern)?.value;
  if (repeat?.length) return Buffer.alloc(size, repeat);
  const fill = childOf(info, fcpTags.fillPattern)?.value ?? Uint8Array.of();
  const image = Buffer.alloc(size, fill.at(-1) ?? 0xff);
  image.set(fill.subarray(0, size));
  return image;
}

function sizeLeaf(size: number): TlvNode {
  const hex = size.toString(16);
  return leaf(fcpTags.efFileSize, Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'));
}

function unsigned(value: Uint8Array): number {
  return value.length >= 1 && value.length <= 4 ? asBuffer(value).readUIntBE(0, value.length) : 0;
}

function tooLong(template: FileTemplate | undefined): AppError {
  const name = template?.name ?? 'of an element';
  return new AppError('invalid_profile_package', `Content of file ${name} is longer than the file.`);
}
