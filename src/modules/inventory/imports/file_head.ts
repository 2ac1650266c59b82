// What the head of a file says, and which of the lines behind it are those of cards.
import type { LineFormat } from './columns.ts';
import type { FileOptions } from './line_format.ts';

export const importLayouts = ['csv', 'output_file'] as const;
export type ImportLayout = (typeof importLayouts)[number];

/** What a head says. `quantity`: how many cards the file claims to have. */
export type FileHead = {
  format: LineFormat;
  quantity?: number;
  /** True when the line that ended the head is a card's already. */
  isCard: boolean;
};

/** `kcv`: of the transport key that was named, to compare with the one that the file may name. */
export type HeadOptions = FileOptions & { kcv?: string };

/** True for a line that is a card's, and not empty or a comment of the layout. */
export function isCardLine(layout: ImportLayout, line: string): boolean {
  const text = line.trim();
  return text !== '' && !(layout === 'output_file' && text.startsWith('*'));
}
