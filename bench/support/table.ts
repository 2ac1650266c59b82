// Results as Markdown tables, so that what a run prints can be kept as it is.

/** Prints a heading, a table, and the notes below it. */
export function printTable({ title, head, rows, notes = [] }: Table): void {
  const line = (cells: readonly Cell[]) => `| ${cells.map(write).join(' | ')} |`;
  console.log(`\n### ${title}\n`);
  console.log([line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n'));
  if (notes.length > 0) console.log(`\n${notes.join('\n')}`);
}

export type Table = {
  title: string;
  head: readonly string[];
  rows: readonly (readonly Cell[])[];
  notes?: readonly string[];
};

type Cell = string | number;

function write(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  return cell >= 100 ? Math.round(cell).toLocaleString('en') : String(Number(cell.toPrecision(3)));
}
