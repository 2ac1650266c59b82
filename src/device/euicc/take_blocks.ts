// Takes the heads of sequences and the protected blocks out of segments, in the one order that is allowed.
import { readTlvAt, readTlvHead } from '../../der/tlv.ts';
import { bppCommandIds } from '../../rsp/es10/error_codes.ts';
import { BppError, readOrRefuse } from './bpp_error.ts';
import type { Euicc } from './euicc.ts';
import { freeMemoryBytes } from './free_memory.ts';
import { blockSequences, type Loading } from './loading.ts';

/** What the commands before the profile itself may hold; metadata with a full icon takes about 1,300 bytes. */
const commandBytesMax = 16 * 1024;

/** Tag and length of the next sequence at byte `at`; gives how many bytes that is. Throws `BppError`. */
export function takeSequenceHead(euicc: Euicc, loading: Loading, segment: Uint8Array, at: number): number {
  const head = readOrRefuse(() => readTlvHead(segment, at), 'scp03tStructureError');
  const sequence = loading.next.includes(head.tag) ? blockSequences[head.tag] : undefined;
  const headBytes = head.valueAt - at;
  const bytesAfter = loading.bytesLeft - headBytes - head.length;
  const isLast = sequence?.next.length === 0;
  if (!sequence || head.length === 0 || (isLast ? bytesAfter !== 0 : bytesAfter <= 0))
    throw new BppError('scp03tStructureError');
  Object.assign(loading, { sequence, sequenceBytesLeft: head.length, opened: [], openedBytes: 0 });
  loading.bytesLeft -= headBytes;
  if (euicc.state.loading) euicc.state.loading.bppCommandId = bppCommandIds[sequence.command];
  euicc.changed = true;
  return headBytes;
}

/** The block at byte `at`, which must be there as a whole; gives its size. Throws `BppError` or `BlockError`. */
export function takeBlock(euicc: Euicc, loading: Loading, segment: Uint8Array, at: number): number {
  const { sequence } = loading;
  const block = readOrRefuse(() => readTlvAt(segment, at), 'scp03tStructureError');
  const size = block.raw.length;
  if (!sequence || block.tag !== sequence.blockTag || size > loading.sequenceBytesLeft)
    throw new BppError('scp03tStructureError');
  const opened = loading.opener[sequence.open](block);
  loading.openedBytes += opened.length;
  if (sequence.command === 'loadProfileElements') {
    if (loading.openedBytes > freeMemoryBytes(euicc.state))
      throw new BppError('insufficientMemoryForProfile');
  } else if (loading.openedBytes > commandBytesMax) throw new BppError('incorrectInputValues');
  loading.opened.push(Uint8Array.from(opened));
  loading.sequenceBytesLeft -= size;
  loading.bytesLeft -= size;
  return size;
}
