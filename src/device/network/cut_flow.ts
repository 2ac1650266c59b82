// Cuts a flow of data into the pieces that a packet core reports: at most 100 MB and 15 minutes each, nothing lost in between.
import { DeviceError } from '../device_error.ts';

/** Whole bytes. With `seconds` it takes that long, and carries less when the line is slowed down. */
export type DataFlow =
  | { bytesUp: number; bytesDown: number; seconds?: number }
  /** One tenth of it is sent, the rest received. */
  | { kbps: number; seconds: number };

/** `at` is the end of the piece; `seconds` is null when the flow takes what time it needs. */
export type FlowPiece = { bytesUp: number; bytesDown: number; seconds: number | null; from: Date; at: Date };

const pieceBytesMax = 100_000_000;
const pieceSecondsMax = 900;
const groupPiecesMax = 24;
const piecesMax = 1_000;
const bytesMax = 2 ** 48;
const bytesPerSecondOfKbps = 125;

/** The pieces between two moments, evenly. Throws `DeviceError` (`invalid_input`), also for more than 1,000 pieces. */
export function cutFlow(flow: DataFlow, from: Date, to: Date): FlowPiece[] {
  const { bytesUp, bytesDown, seconds } = sizeOf(flow);
  const count = Math.max(
    1,
    Math.ceil((bytesUp + bytesDown) / pieceBytesMax),
    Math.ceil((seconds ?? 0) / pieceSecondsMax),
  );
  if (count > piecesMax) throw new DeviceError('invalid_input', 'Use at most 100 GB, or 10 days, at a time.');
  const moment = (i: number) =>
    new Date(from.getTime() + Math.floor(((to.getTime() - from.getTime()) * i) / count));
  return Array.from({ length: count }, (_, i) => ({
    bytesUp: share(bytesUp, i, count),
    bytesDown: share(bytesDown, i, count),
    seconds: seconds === null ? null : seconds / count,
    from: moment(i),
    at: moment(i + 1),
  }));
}

/** The pieces that are told at a time: up to 100 MB, or 6 hours, so that a limit or a slower speed is heeded from there on. */
export function groupPieces(pieces: readonly FlowPiece[]): FlowPiece[][] {
  const groups: FlowPiece[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const piece of pieces) {
    const size = piece.bytesUp + piece.bytesDown;
    const group = groups.at(-1);
    if (group && bytes + size <= pieceBytesMax && group.length < groupPiecesMax) group.push(piece);
    else {
      groups.push([piece]);
      bytes = 0;
    }
    bytes += size;
  }
  return groups;
}

/** What of a piece a line of this speed carries. */
export function carriedOf(
  { bytesUp, bytesDown, seconds }: FlowPiece,
  speedKbps: number | null,
): { bytesUp: number; bytesDown: number } {
  const offered = bytesUp + bytesDown;
  const capacity =
    speedKbps === null || seconds === null ? offered : Math.floor(speedKbps * bytesPerSecondOfKbps * seconds);
  if (offered <= capacity) return { bytesUp, bytesDown };
  const up = Math.floor((bytesUp / offered) * capacity);
  return { bytesUp: up, bytesDown: capacity - up };
}

function sizeOf(flow: DataFlow): { bytesUp: number; bytesDown: number; seconds: number | null } {
  const { seconds = null } = flow;
  if (seconds !== null && !(seconds > 0 && Number.isFinite(seconds)))
    throw notUsable('seconds must be more than 0');
  if (!('kbps' in flow)) return { bytesUp: whole(flow.bytesUp), bytesDown: whole(flow.bytesDown), seconds };
  const bytes = whole(Math.floor(flow.kbps * bytesPerSecondOfKbps * flow.seconds));
  const bytesUp = Math.floor(bytes / 10);
  return { bytesUp, bytesDown: bytes - bytesUp, seconds };
}

/** The share of piece `i` of `count`; the first ones have the remainder. */
function share(bytes: number, i: number, count: number): number {
  return Math.floor(bytes / count) + (i < bytes % count ? 1 : 0);
}

function whole(bytes: number): number {
  if (!Number.isInteger(bytes) || bytes < 0 || bytes > bytesMax)
    throw notUsable('bytes must be whole, and not negative');
  return bytes;
}

function notUsable(what: string): DeviceError {
  return new DeviceError('invalid_input', `The number of ${what}.`);
}
