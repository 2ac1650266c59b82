// The line of a card becomes a SIM profile for the stock, or says everything that is wrong with it.
import type { FieldError } from '../../../base/app_error.ts';
import { luhnDigit } from '../../../base/digits.ts';
import { opcOf } from '../../../crypto/milenage.ts';
import { type Subscription, subscriptionFaults } from '../../../rsp/profile/subscription.ts';
import type { NewSimProfile } from '../add_stock.ts';
import { isRegistrationCode } from '../registration_code.ts';
import { kcvOf, type OpenKey, openKey } from '../transport_keys/transport_key.ts';
import { readCode, readE164, readIccid, readImsi } from './card_numbers.ts';
import { type Column, type KeyColumn, keyColumns, type LineFormat } from './columns.ts';
import { importLimits } from './import_limits.ts';
import { splitLine } from './split_line.ts';

/** The SIM profile of a line, or its faults, by column. No fault repeats a key or a code. */
export function readCard(line: string, format: LineFormat, decipherer: OpenKey | undefined): ReadCard {
  if (line.length > importLimits.lineCharsMax)
    return faulty('line', `longer than ${importLimits.lineCharsMax} characters`);
  const values = splitLine(line, format.delimiter);
  if (typeof values === 'string') return faulty('line', values);
  if (values.length > format.columns.length && values.slice(format.columns.length).some(Boolean))
    return faulty('line', `${values.length} values, but ${format.columns.length} columns`);
  const cells = cellsOf(values, format);
  const faults: FieldError[] = [];
  const keys = readKeys(cells, format, decipherer, faults);
  const card = cardOf(cells, keys, faults);
  faults.push(...formFaults(card, faults), ...checkValueFaults(cells, card.ki), ...codeFaults(card));
  return faults.length > 0 ? { faults } : { card };
}

export type ReadCard = { card: NewSimProfile } | { faults: FieldError[] };

type Cells = Partial<Record<Column, string>>;
type Keys = Partial<Record<KeyColumn, Uint8Array>>;

function faulty(field: string, detail: string): ReadCard {
  return { faults: [{ field, detail }] };
}

/** What the line gives; an empty value is as good as none. */
function cellsOf(values: readonly string[], { columns }: LineFormat): Cells {
  const cells: Cells = {};
  for (const [at, column] of columns.entries()) {
    const value = values[at];
    if (column !== null && value !== undefined && value !== '') cells[column] = value;
  }
  return cells;
}

function readKeys(
  cells: Cells,
  { encrypted }: LineFormat,
  decipherer: OpenKey | undefined,
  faults: FieldError[],
): Keys {
  const keys: Keys = {};
  for (const column of keyColumns) {
    const text = cells[column];
    if (text === undefined) continue;
    const key = readKey(text, encrypted.includes(column) ? decipherer : undefined);
    if (typeof key === 'string') faults.push({ field: column, detail: key });
    else keys[column] = key;
  }
  return keys;
}

/** 16 bytes; or what is wrong. */
function readKey(text: string, decipherer: OpenKey | undefined): Uint8Array | string {
  const bytes = /^([0-9a-fA-F]{2})+$/.test(text) ? Buffer.from(text, 'hex') : undefined;
  if (decipherer === undefined) return bytes?.length === keyBytes ? bytes : 'give 16 bytes in hex';
  if (bytes?.length !== keyBytes) return 'give 16 enciphered bytes in hex';
  return decipherer.decipher(bytes);
}

const keyBytes = 16;
const noKey = new Uint8Array(0);

function cardOf(cells: Cells, keys: Keys, faults: FieldError[]): NewSimProfile {
  const { ki = noKey } = keys;
  const { msisdn, smsc, pin1, puk1, pin2, puk2, adm1, registrationCode, serviceProviderName } = cells;
  const otaKeys = otaKeysOf(keys, faults);
  return {
    iccid: readIccid(cells.iccid ?? ''),
    imsi: readImsi(cells.imsi ?? ''),
    ki,
    opc: opcOfCard(keys, faults),
    ...(msisdn !== undefined && { msisdn: readE164(msisdn) }),
    ...(smsc !== undefined && { smsc: readE164(smsc) }),
    ...(pin1 !== undefined && { pin1: readCode(pin1) }),
    ...(puk1 !== undefined && { puk1: readCode(puk1) }),
    ...(pin2 !== undefined && { pin2: readCode(pin2) }),
    ...(puk2 !== undefined && { puk2: readCode(puk2) }),
    ...(adm1 !== undefined && { adm1: readCode(adm1) }),
    ...(serviceProviderName !== undefined && { serviceProviderName }),
    ...(registrationCode !== undefined && { registrationCode }),
    ...(otaKeys && { otaKeys }),
    ...rareOf(cells),
  };
}

function rareOf({ acc, algorithm, mncLength }: Cells): Pick<Subscription, 'acc' | 'algorithm' | 'mncLength'> {
  return {
    ...(acc !== undefined && { acc: /^[0-9a-fA-F]{4}$/.test(acc) ? Number.parseInt(acc, 16) : Number.NaN }),
    ...(algorithm !== undefined && { algorithm: algorithm.toLowerCase() as 'milenage' }),
    ...(mncLength !== undefined && { mncLength: Number(mncLength) as 2 }),
  };
}

/** OPc as given, or from OP and Ki; when both are given they must agree. */
function opcOfCard({ ki, opc, op }: Keys, faults: FieldError[]): Uint8Array {
  const derived = ki && op && opcOf(ki, op);
  if (opc && derived && !Buffer.from(opc).equals(Buffer.from(derived)))
    faults.push({ field: 'opc', detail: 'it is not the OPc of Ki and OP: is it the right transport key?' });
  return opc ?? derived ?? noKey;
}

function otaKeysOf({ kic, kid, kik }: Keys, faults: FieldError[]): Subscription['otaKeys'] {
  if (kic && kid && kik) return { kic, kid, kik };
  const isPart = kic ?? kid ?? kik;
  if (isPart && !faults.some(({ field }) => ['kic', 'kid', 'kik'].includes(field)))
    faults.push({ field: 'otaKeys', detail: 'give all of kic, kid and kik, or none' });
  return undefined;
}

/** What the rules for subscriptions say, but of values that are faulty already. */
function formFaults(card: NewSimProfile, faults: readonly FieldError[]): FieldError[] {
  const known = new Set(faults.map(({ field }) => field));
  // Without Ki there is no OPc from OP: that Ki is at fault is enough to know.
  if (card.ki.length === 0 && card.opc.length === 0 && known.has('ki')) known.add('opc');
  if (known.has('op')) known.add('opc');
  return subscriptionFaults(card)
    .filter(({ field }) => !known.has(field))
    .map((fault) => (fault.field === 'iccid' ? { ...fault, detail: iccidFault(card.iccid) } : fault));
}

function iccidFault(iccid: string): string {
  if (!/^\d{19,20}$/.test(iccid)) return 'give 19 or 20 digits';
  if (!iccid.startsWith('89')) return 'it does not begin with 89';
  return `wrong check digit: ${iccid.at(-1)} instead of ${luhnDigit(iccid.slice(0, -1))}`;
}

/** The first three bytes of a block of zeros enciphered under Ki, as AES or as 3DES key. */
function checkValueFaults({ kcv }: Cells, ki: Uint8Array): FieldError[] {
  if (kcv === undefined || ki.length !== keyBytes) return [];
  const given = kcv.toUpperCase();
  const fits = (['aes-ecb', '3des-ecb'] as const).some((each) => kcvOf(openKey(each, ki)) === given);
  return fits
    ? []
    : [{ field: 'kcv', detail: 'it is not the check value of Ki: is it the right transport key?' }];
}

function codeFaults({ registrationCode }: NewSimProfile): FieldError[] {
  if (registrationCode === undefined || isRegistrationCode(registrationCode)) return [];
  return [{ field: 'registrationCode', detail: 'give 8 to 32 capital letters and digits' }];
}
