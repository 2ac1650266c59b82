// What goes to a mobile core has the form that cores know: it is checked here before anything is sent.
import { AppError } from '../../../base/app_error.ts';
import type { Subscriber } from './mobile_core.ts';

/** Throws `conflict` naming what no core would take. Says nothing of the keys. */
export function checkSubscriber(subscriber: Subscriber): void {
  const wrong = rules.find(([, holds]) => !holds(subscriber));
  if (wrong) throw new AppError('conflict', `The core cannot be told of this line: ${wrong[0]}.`);
}

/** Throws `conflict`. */
export function checkImsi(imsi: string): void {
  if (!isImsi(imsi)) throw new AppError('conflict', 'An IMSI has 6 to 15 digits.');
}

const rules: [string, (subscriber: Subscriber) => boolean][] = [
  ['an IMSI has 6 to 15 digits', ({ imsi }) => isImsi(imsi)],
  ['an MSISDN has 1 to 15 digits and no +', ({ msisdn }) => msisdn === null || /^\d{1,15}$/.test(msisdn)],
  ['a Milenage key has 16 bytes', ({ ki, opc }) => ki.length === 16 && opc.length === 16],
  ['an APN has letters, digits, dots and hyphens', ({ apn }) => /^[A-Za-z0-9.-]{1,100}$/.test(apn)],
  [
    'a speed is a whole number of kbit/s, from 1',
    ({ speedKbps }) => speedKbps === null || isSpeed(speedKbps),
  ],
];

function isImsi(imsi: string): boolean {
  return /^\d{6,15}$/.test(imsi);
}

function isSpeed(speedKbps: number): boolean {
  return Number.isInteger(speedKbps) && speedKbps >= 1 && speedKbps <= 0x7fffffff;
}
