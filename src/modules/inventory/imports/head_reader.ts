// Reads the head of a file, line by line, until it is known what the lines of its cards hold.
import type { FileHead, HeadOptions, ImportLayout } from './file_head.ts';
import { importLimits } from './import_limits.ts';
import { type FileOptions, formatOf, headFault } from './line_format.ts';
import { createOutputFileReader } from './output_file_head.ts';
import { delimiterOf, splitLine } from './split_line.ts';

export type HeadReader = {
  /** Takes the next line; gives the head once it is complete. Throws `invalid_request` naming the line at fault. */
  read(line: string): FileHead | undefined;
  /** Throws `invalid_request`: the file ended before its head did. */
  end(): never;
};

/** A reader for one file. */
export function createHeadReader(layout: ImportLayout, options: HeadOptions): HeadReader {
  const reader = layout === 'csv' ? createCsvReader(options) : createOutputFileReader(options);
  let lines = 0;
  let chars = 0;
  return {
    read(line) {
      lines++;
      chars += line.length;
      if (lines > importLimits.headLinesMax || chars > importLimits.headCharsMax)
        throw headFault(`line ${lines}`, 'the head is too long: is this the right layout?');
      return reader.read(line, lines);
    },
    end: () => reader.end(),
  };
}

function createCsvReader(options: FileOptions) {
  return {
    read(line: string, number: number): FileHead | undefined {
      if (line.trim() === '') return undefined;
      const delimiter = delimiterOf(line);
      const names = splitLine(line, delimiter);
      if (typeof names === 'string') throw headFault(`line ${number}`, names);
      return { format: formatOf(names, delimiter, `line ${number}`, options), isCard: false };
    },
    end(): never {
      throw headFault('line 1', 'the file is empty: its first line names the columns');
    },
  };
}
