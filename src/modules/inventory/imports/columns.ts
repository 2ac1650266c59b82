// The columns of stock files under the names that card makers give them.

/** What a value of a line is. `op` becomes OPc; `kcv` is the check value of Ki. */
export type Column = keyof typeof aliases;

/** What the cells of a line are: by place, null for one that is not used; and which of them are enciphered. */
export type LineFormat = {
  /** A blank: any run of blanks and tabs. */
  delimiter: ',' | ';' | '\t' | '|' | ' ';
  columns: (Column | null)[];
  encrypted: Column[];
};

/** Columns that may be enciphered by a transport key. */
export const keyColumns = ['ki', 'opc', 'op', 'kic', 'kid', 'kik'] as const;
export type KeyColumn = (typeof keyColumns)[number];

/** The column of this name, and whether the name says that it is enciphered; names are compared by letters and digits alone. */
export function columnNamed(name: string): { column: Column; isEncrypted: boolean } | undefined {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const column = columnsByName.get(plain);
  if (column !== undefined) return { column, isEncrypted: false };
  const encrypted = encryptedByName.get(plain);
  return encrypted && { column: encrypted, isEncrypted: true };
}

const aliases = {
  iccid: [
    'iccid',
    'icc',
    'ccid',
    'sernb',
    'serial',
    'serialnumber',
    'serialnb',
    'simserial',
    'simserialnumber',
  ],
  imsi: ['imsi', 'imsi1'],
  msisdn: ['msisdn', 'msisdn1', 'isdn', 'phonenumber'],
  ki: ['ki', 'k', 'ki1', 'subscriberkey', 'authenticationkey'],
  opc: ['opc', 'opc1'],
  op: ['op'],
  kcv: ['kcv', 'kikcv', 'kcvki'],
  pin1: ['pin1', 'pin', 'chv1'],
  puk1: ['puk1', 'puk', 'unblockchv1', 'unblchv1'],
  pin2: ['pin2', 'chv2'],
  puk2: ['puk2', 'unblockchv2', 'unblchv2'],
  adm1: ['adm1', 'adm', 'admin1'],
  kic: ['kic', 'kic1', 'kic01'],
  kid: ['kid', 'kid1', 'kid01'],
  kik: ['kik', 'kik1', 'kik01'],
  acc: ['acc', 'accesscontrol', 'accesscontrolclass'],
  smsc: ['smsc', 'smscaddress', 'smsp'],
  serviceProviderName: ['serviceprovidername', 'spn'],
  algorithm: ['algorithm', 'algo'],
  mncLength: ['mnclength', 'mnclen'],
  registrationCode: ['registrationcode', 'regcode'],
} as const;

const columnsByName: ReadonlyMap<string, Column> = new Map(
  Object.entries(aliases).flatMap(([column, names]) =>
    names.map((name) => [name, column as Column] as const),
  ),
);

const encryptedByName: ReadonlyMap<string, Column> = new Map(
  keyColumns.flatMap((column) =>
    aliases[column].flatMap((name) =>
      [`e${name}`, `enc${name}`, `encrypted${name}`, `a4${name}`, `${name}enc`, `${name}encrypted`].map(
        (spelling) => [spelling, column] as const,
      ),
    ),
  ),
);
