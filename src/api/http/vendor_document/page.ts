// A page that compares a door with its vendor's document: its tables, and the file it is kept in.
import { mkdir, writeFile } from 'node:fs/promises';

/** A table of Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Where the page of a door is kept: docs/compat/`name`.md. */
export function pageFile(name: string): URL {
  return new URL(`../../../../docs/compat/${name}.md`, import.meta.url);
}

export function pageText(paragraphs: readonly string[]): string {
  return `${paragraphs.join('\n\n')}\n`;
}

export async function writePage(file: URL, text: string): Promise<void> {
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, text);
}
