// The personal data of one subscription, as a profile package needs it, checked field by field.
import { AppError, type FieldError } from '../../base/app_error.ts';
import { isIccid } from '../../base/digits.ts';
import { serviceNameBytes } from './card_encodings.ts';

export type Subscription = {
  /** 19 or 20 digits with check digit (ITU-T E.118). */
  iccid: string;
  /** 6 to 15 digits. */
  imsi: string;
  /** 16 bytes: the subscriber key K. */
  ki: Uint8Array;
  /** 16 bytes: OPc, never OP. */
  opc: Uint8Array;
  /** `milenage` if left out. */
  algorithm?: SubscriptionAlgorithm;
  /** E.164 with plus sign. */
  msisdn?: string;
  /** Up to 16 characters of the GSM alphabet, or 7 of any other. */
  serviceProviderName?: string;
  /** 4 to 8 digits. */
  pin1?: string;
  pin2?: string;
  adm1?: string;
  /** 8 digits. */
  puk1?: string;
  puk2?: string;
  /** Digits of the mobile network code; by the country code of the IMSI if left out. */
  mncLength?: 2 | 3;
  /** Number of the short message service centre, E.164 with plus sign. */
  smsc?: string;
  /** Access control classes, bit n = class n (TS 31.102 §4.2.15); by the last digit of the IMSI if left out. */
  acc?: number;
  otaKeys?: OtaKeys;
};

export type SubscriptionAlgorithm = 'milenage' | 'test-xor';

/** AES keys of 16 bytes for remote management over SMS (ETSI TS 102 225): encryption, signature, key encryption. */
export type OtaKeys = { kic: Uint8Array; kid: Uint8Array; kik: Uint8Array };

/** Throws `invalid_request`, with one entry in `fields` for each field at fault. */
export function assertSubscription(subscription: Subscription): void {
  const fields = subscriptionFaults(subscription);
  if (fields.length > 0)
    throw new AppError('invalid_request', 'The subscription data is not valid.', { fields });
}

/** One entry for each field at fault; none when the subscription is valid. */
export function subscriptionFaults(subscription: Subscription): FieldError[] {
  return rules.flatMap(({ field, detail, holds }) => (holds(subscription) ? [] : [{ field, detail }]));
}

/** Number of digits of the mobile network code: as given, else by the country code (ITU-T E.212 annex). */
export function mncLengthOf({ imsi, mncLength }: Pick<Subscription, 'imsi' | 'mncLength'>): 2 | 3 {
  return mncLength ?? (threeDigitCountries.has(imsi.slice(0, 3)) ? 3 : 2);
}

// India (404, 405) uses both lengths: give `mncLength` there.
const threeDigitCountries = new Set(
  (
    '302 310 311 312 313 314 315 316 330 334 338 342 344 346 348 352 354 356 358 360 365 366 376 ' +
    '708 722 732'
  ).split(' '),
);

type Rule = { field: string; detail: string; holds: (subscription: Subscription) => boolean };

const rules: readonly Rule[] = [
  { field: 'iccid', detail: '19 or 20 digits with a correct check digit', holds: (s) => isIccid(s.iccid) },
  { field: 'imsi', detail: '6 to 15 digits', holds: (s) => /^\d{6,15}$/.test(s.imsi) },
  { field: 'ki', detail: '16 bytes', holds: (s) => isKey(s.ki) },
  {
    field: 'opc',
    detail: '16 bytes, not all zero',
    holds: (s) => isKey(s.opc) && (isXor(s) || s.opc.some(Boolean)),
  },
  {
    field: 'algorithm',
    detail: 'milenage or test-xor',
    holds: (s) => ['milenage', 'test-xor', undefined].includes(s.algorithm),
  },
  {
    field: 'msisdn',
    detail: 'a number in international form, like +49301234567',
    holds: (s) => isE164(s.msisdn),
  },
  {
    field: 'smsc',
    detail: 'a number in international form, like +49301234567',
    holds: (s) => isE164(s.smsc),
  },
  {
    field: 'serviceProviderName',
    detail: 'at most 16 characters of the GSM alphabet, or 7 of any other',
    holds: (s) =>
      s.serviceProviderName === undefined || serviceNameBytes(s.serviceProviderName) !== undefined,
  },
  { field: 'pin1', detail: '4 to 8 digits', holds: (s) => isCode(s.pin1, 4) },
  { field: 'pin2', detail: '4 to 8 digits', holds: (s) => isCode(s.pin2, 4) },
  { field: 'adm1', detail: '4 to 8 digits', holds: (s) => isCode(s.adm1, 4) },
  { field: 'puk1', detail: '8 digits', holds: (s) => isCode(s.puk1, 8) },
  { field: 'puk2', detail: '8 digits', holds: (s) => isCode(s.puk2, 8) },
  { field: 'mncLength', detail: '2 or 3', holds: (s) => [2, 3, undefined].includes(s.mncLength) },
  {
    field: 'acc',
    detail: 'a whole number from 1 to 65535',
    holds: (s) => s.acc === undefined || (Number.isInteger(s.acc) && s.acc >= 1 && s.acc <= 0xffff),
  },
  {
    field: 'otaKeys',
    detail: 'three keys of 16 bytes',
    holds: ({ otaKeys: keys }) => keys === undefined || [keys.kic, keys.kid, keys.kik].every(isKey),
  },
];

function isKey(key: unknown): boolean {
  return key instanceof Uint8Array && key.length === 16;
}

function isXor(subscription: Subscription): boolean {
  return subscription.algorithm === 'test-xor';
}

function isE164(number: string | undefined): boolean {
  return number === undefined || /^\+[1-9]\d{3,14}$/.test(number);
}

function isCode(code: string | undefined, digitsMin: number): boolean {
  return code === undefined || (code.length >= digitsMin && /^\d{4,8}$/.test(code));
}
