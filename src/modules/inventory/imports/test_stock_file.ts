// For tests and benchmarks: stock files of both layouts, the same for the same seed.
import { createHash } from 'node:crypto';
import { luhnDigit } from '../../../base/digits.ts';
import { opcOf } from '../../../crypto/milenage.ts';
import { kcvOf, type OpenKey, openKey } from '../transport_keys/transport_key.ts';

/** A card of the file by its number, from 1. */
export type FileCard = {
  iccid: string;
  imsi: string;
  ki: Buffer;
  opc: Buffer;
  kcv: string;
  pin1: string;
  puk1: string;
};

export type StockFileOptions = {
  seed: number;
  cards: number;
  /** Ki and OPc are enciphered under it. */
  transportKey?: OpenKey;
};

/** ICCIDs and IMSIs of one seed are in order, and no other seed below 1,000 has them. */
export function testCard(seed: number, number: number): FileCard {
  const serial = `${String(seed).padStart(3, '0')}${String(number).padStart(7, '0')}`;
  const digits = `89992000${serial}`;
  const random = createHash('sha512').update(`${seed} ${number}`).digest();
  const ki = random.subarray(0, 16);
  return {
    iccid: digits + luhnDigit(digits),
    imsi: `99920${serial}`,
    ki,
    opc: Buffer.from(opcOf(ki, random.subarray(16, 32))),
    kcv: kcvOf(openKey('aes-ecb', ki)),
    pin1: String(random.readUInt32BE(32) % 10_000).padStart(4, '0'),
    puk1: String(random.readUInt32BE(36) % 100_000_000).padStart(8, '0'),
  };
}

/** The lines of a CSV; with `kcv` of Ki. */
export function* csvLines({ seed, cards, transportKey }: StockFileOptions): Generator<string> {
  yield `ICCID;IMSI;${transportKey ? 'eKi;eOPc' : 'Ki;OPc'};KCV;MSISDN;PIN1;PUK1`;
  for (let number = 1; number <= cards; number++) {
    const { iccid, imsi, ki, opc, kcv, pin1, puk1 } = testCard(seed, number);
    const keys = [ki, opc].map((key) => hexOf(key, transportKey));
    yield [iccid, imsi, ...keys, kcv, `+99920${imsi.slice(5)}`, pin1, puk1].join(';');
  }
}

/** The lines of a card maker's output file; ICCID and IMSI as the card has them. */
export function* outputFileLines({ seed, cards, transportKey }: StockFileOptions): Generator<string> {
  yield* [
    '****************************************',
    '* HEADER DESCRIPTION',
    '****************************************',
    'Customer : Example Mobile',
    `Quantity : ${cards}`,
    'Type : PLUG-IN',
    'Profile : 01.00',
    `Batch : ${seed}`,
    `Transport_key : ${transportKey ? '12' : ''}`,
    '* INPUT VARIABLES DESCRIPTION',
    'var_in:',
    `Ser_nb: ${testCard(seed, 1).iccid}`,
    `IMSI: ${testCard(seed, 1).imsi}`,
    '* OUTPUT VARIABLES DESCRIPTION',
    'var_out: PIN1/PUK1/KI/OPC',
  ];
  for (let number = 1; number <= cards; number++) {
    const { iccid, imsi, ki, opc, pin1, puk1 } = testCard(seed, number);
    const keys = [ki, opc].map((key) => hexOf(key, transportKey));
    yield [swapped(`${iccid}F`), `809${imsi}`, pin1, puk1, ...keys].join(' ');
  }
}

/** A file of these lines, in parts. */
export function* partsOfFile(lines: Iterable<string>, end = '\n'): Generator<Buffer> {
  let part: string[] = [];
  for (const line of lines) {
    part.push(line + end);
    if (part.length < 500) continue;
    yield Buffer.from(part.join(''));
    part = [];
  }
  yield Buffer.from(part.join(''));
}

function hexOf(key: Buffer, transportKey: OpenKey | undefined): string {
  return (transportKey ? transportKey.encipher(key) : key).toString('hex').toUpperCase();
}

function swapped(digits: string): string {
  return digits.replace(/(.)(.)/g, '$2$1');
}
