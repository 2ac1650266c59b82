// What the head of a file says becomes the format of its lines, or is refused with what to mend.
import { AppError } from '../../../base/app_error.ts';
import { type Column, columnNamed, type KeyColumn, type LineFormat } from './columns.ts';
import { importLimits } from './import_limits.ts';

/** What the caller says of the file beside it. */
export type FileOptions = {
  /** True when a transport key was named. */
  hasTransportKey: boolean;
  /** Columns that are enciphered; if left out, those whose names say so, else Ki and OPc when there is a transport key. */
  encrypted?: readonly KeyColumn[];
};

/** The format of lines whose values are named so. Throws `invalid_request` naming `where` the names stand. */
export function formatOf(
  names: readonly string[],
  delimiter: LineFormat['delimiter'],
  where: string,
  options: FileOptions,
): LineFormat {
  if (names.length > importLimits.columnsMax)
    throw headFault(where, `name at most ${importLimits.columnsMax} columns`);
  const named = names.map(columnNamed);
  const columns = named.map((each) => each?.column ?? null);
  checkColumns(columns, where);
  const spelled = named.flatMap((each) => (each?.isEncrypted ? [each.column] : []));
  return { delimiter, columns, encrypted: encryptedColumns(columns, spelled, where, options) };
}

export function headFault(where: string, ...details: string[]): AppError {
  return new AppError('invalid_request', 'The head of the file does not say what its lines hold.', {
    fields: details.map((detail) => ({ field: where, detail })),
  });
}

const needed: readonly (readonly Column[])[] = [['iccid'], ['imsi'], ['ki'], ['opc', 'op']];

function checkColumns(columns: readonly (Column | null)[], where: string): void {
  const missing = needed
    .filter((any) => any.every((column) => !columns.includes(column)))
    .map((any) => `name a column ${any.join(' or ')}`);
  const twice = new Set(columns.filter((column, at) => column !== null && columns.indexOf(column) !== at));
  const faults = [...missing, ...[...twice].map((column) => `name the column ${column} once`)];
  if (faults.length > 0) throw headFault(where, ...faults);
}

function encryptedColumns(
  columns: readonly (Column | null)[],
  spelled: readonly Column[],
  where: string,
  { hasTransportKey, encrypted }: FileOptions,
): Column[] {
  if (!hasTransportKey) {
    if (spelled.length > 0 || (encrypted?.length ?? 0) > 0)
      throw headFault(where, `${(encrypted ?? spelled).join(', ')} is enciphered: name the transport key`);
    return [];
  }
  const absent = encrypted?.find((column) => !columns.includes(column));
  if (absent !== undefined) throw headFault('encrypted', `the file has no column ${absent}`);
  const byDefault: readonly Column[] = spelled.length > 0 ? [] : ['ki', 'opc', 'op'];
  const all = new Set<Column>([...spelled, ...(encrypted ?? byDefault)]);
  return [...all].filter((column) => columns.includes(column));
}
