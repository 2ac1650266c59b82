// Frames of Osmocom's CTRL interface: 2 bytes of length, the IPA protocol byte 0xEE, the extension byte 0x00, ASCII text.
import { assert } from '../../../base/assert.ts';

/** osmo-hlr 1.5.0 aborts on a frame whose length field is exactly 1197; nothing near it is ever sent. */
export const ctrlFrameBytesMax = 1000;

/** Longest frame that is read; the longest answer of osmo-hlr seen has 348 bytes. */
const answerBytesMax = 8192;
const headerBytes = 4;
const protocolOsmo = 0xee;
const extensionCtrl = 0x00;

/** The length counts everything after the protocol byte: the extension byte and the text. */
export function writeCtrlFrame(text: string): Buffer {
  assert(/^[ -~]+$/.test(text), 'a CTRL request is printable ASCII');
  const frame = Buffer.alloc(headerBytes + text.length);
  assert(frame.length <= ctrlFrameBytesMax, 'a CTRL request is short');
  frame.writeUInt16BE(text.length + 1, 0);
  frame[2] = protocolOsmo;
  frame[3] = extensionCtrl;
  frame.write(text, headerBytes, 'latin1');
  return frame;
}

/**
 * Gives a function that takes the bytes of a stream as they come and gives the texts that are complete, or null when the
 * stream is not CTRL. Frames of IPA itself (0xFE: ping, identity) are passed over.
 */
export function createCtrlReader(): (bytes: Uint8Array) => string[] | null {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    const texts: string[] = [];
    while (rest.length >= headerBytes) {
      const end = 3 + rest.readUInt16BE(0);
      if (!isCtrlHeader(rest) || end <= 3 || end > answerBytesMax) return null;
      if (rest.length < end) break;
      if (rest[2] === protocolOsmo) texts.push(readText(rest.subarray(headerBytes, end)));
      rest = rest.subarray(end);
    }
    return texts;
  };
}

function isCtrlHeader(frame: Buffer): boolean {
  return frame[2] === 0xfe || (frame[2] === protocolOsmo && frame[3] === extensionCtrl);
}

function readText(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[\n\0]+$/, '');
}
