// What the tests of this folder share: the subscription of the known answers, and the GSMA TS.48 packages if present.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Subscription } from './subscription.ts';

const otaKey = Buffer.from('404142434445464748494A4B4C4D4E4F', 'hex');

export const testSubscription = {
  iccid: '8900112233445566776',
  imsi: '001010000000017',
  ki: Buffer.from('465b5ce8b199b49faa5f0a2ee238a6bc', 'hex'),
  opc: Buffer.from('cd63cb71954a9f4e48a5994e37a02baf', 'hex'),
  pin1: '1234',
  pin2: '9999',
  puk1: '12345678',
  puk2: '87654321',
  adm1: '11223344',
  msisdn: '+49301234567',
  smsc: '+49301234567',
  serviceProviderName: 'Example',
  otaKeys: { kic: otaKey, kid: otaKey, kik: otaKey },
} satisfies Subscription;

/** Another subscription with every field different. */
export const otherSubscription = {
  iccid: '8944500102198304826',
  imsi: '310260987654321',
  ki: Buffer.alloc(16, 0x5a),
  opc: Buffer.alloc(16, 0xa5),
  pin1: '98765',
  pin2: '4321',
  puk1: '11112222',
  puk2: '33334444',
  adm1: '76543210',
  msisdn: '+12025550123',
  smsc: '+12063130004',
  serviceProviderName: 'Über 7',
  mncLength: 3,
  otaKeys: { kic: Buffer.alloc(16, 1), kid: Buffer.alloc(16, 2), kik: Buffer.alloc(16, 3) },
} satisfies Subscription;

const folder = new URL('../../../../shared/testdata/upp/', import.meta.url);
const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.der')) : [];

/** For `test(title, { skip }, …)`. */
export const skipWithoutPackages = names.length === 0 && 'GSMA TS.48 packages are not there';

export function ts48Packages(): { name: string; bytes: Uint8Array }[] {
  return names.map((name) => ({ name, bytes: readFileSync(new URL(name, folder)) }));
}

export function ts48Package(name: string): Uint8Array {
  return readFileSync(new URL(`${name}-UNIQUE.der`, folder));
}
