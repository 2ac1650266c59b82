// A stream of bytes becomes lines: however long it is, no more than a part of it and one line are held.
import { AppError } from '../../../base/app_error.ts';
import { importLimits } from './import_limits.ts';

/** What has come so far. */
export type FileSize = { bytes: number; lines: number };

/**
 * The lines of a UTF-8 text, without their ends; a byte order mark is dropped. A line that is too long is cut one
 * character behind the limit. Throws `body_too_large` and `invalid_request` at the limits.
 */
export async function* cutFile(body: AsyncIterable<Uint8Array>, size: FileSize): AsyncGenerator<string[]> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  for await (const part of body) {
    if (size.bytes === 0) checkEncoding(part);
    count(size, part.length);
    const lines = (rest + decoder.decode(part, { stream: true })).split('\n');
    rest = cut(lines.pop() ?? '');
    countLines(size, lines.length);
    if (lines.length > 0) yield lines.map(withoutEnd);
  }
  rest += decoder.decode();
  if (rest === '') return;
  countLines(size, 1);
  yield [withoutEnd(rest)];
}

function count(size: FileSize, bytes: number): void {
  size.bytes += bytes;
  if (size.bytes > importLimits.fileBytesMax)
    throw new AppError(
      'body_too_large',
      `A file has at most ${importLimits.fileBytesMax} bytes: send it in parts.`,
    );
}

function countLines(size: FileSize, lines: number): void {
  size.lines += lines;
  if (size.lines > importLimits.linesMax)
    throw new AppError(
      'invalid_request',
      `A file has at most ${importLimits.linesMax} lines: send it in parts.`,
    );
}

/** Spreadsheets like to write UTF-16, in which nothing would be found. */
function checkEncoding(part: Uint8Array): void {
  const [first, second] = part;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new AppError('invalid_request', 'The file is UTF-16: save it as UTF-8.');
}

function withoutEnd(line: string): string {
  return cut(line.endsWith('\r') ? line.slice(0, -1) : line);
}

function cut(line: string): string {
  return line.length > importLimits.lineCharsMax + 1 ? line.slice(0, importLimits.lineCharsMax + 1) : line;
}
