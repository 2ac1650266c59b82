// Where the loading of a bound profile package stands: what is still to come, the keys, what was opened so far.
import type { BlockOpener } from '../../crypto/block_opener.ts';
import type { StoreMetadataRequest } from '../../rsp/asn1/store_metadata.ts';

export type Loading = {
  /** Bytes of BF36 that have not come yet. */
  bytesLeft: number;
  /** The sequence being received, or undefined between two; `next` says which may come. */
  sequence: BlockSequence | undefined;
  sequenceBytesLeft: number;
  next: readonly number[];
  opener: BlockOpener;
  /** Opened contents of the blocks of this sequence, and their size. */
  opened: Uint8Array[];
  openedBytes: number;
  /** Known once StoreMetadata was executed. */
  metadata?: StoreMetadataRequest;
};

export type BlockSequence = {
  blockTag: number;
  command: 'configureIsdp' | 'storeMetadata' | 'replaceSessionKeys' | 'loadProfileElements';
  open: keyof BlockOpener;
  next: readonly number[];
};

/** The sequences of a bound profile package by tag, in their only order; A2 may be left out (SGP.22 §2.5.4). */
export const blockSequences: Readonly<Record<number, BlockSequence>> = {
  160: { blockTag: 0x87, command: 'configureIsdp', open: 'decrypt', next: [0xa1] },
  161: { blockTag: 0x88, command: 'storeMetadata', open: 'verify', next: [0xa2, 0xa3] },
  162: { blockTag: 0x87, command: 'replaceSessionKeys', open: 'decrypt', next: [0xa3] },
  163: { blockTag: 0x86, command: 'loadProfileElements', open: 'decrypt', next: [] },
};

export const firstSequence: readonly number[] = [0xa0];
