// What the core calls the parts of an order is told in the vendor's words.
import type { FieldError } from '../../../base/app_error.ts';

/** Those that the vendor has a name for; the others say nothing that the error does not say in its own words. */
export function vendorFields(fields: readonly FieldError[]): FieldError[] {
  return fields.flatMap(({ field, detail }) => {
    const name = nameOf(field);
    return name === undefined ? [] : [{ field: name, detail }];
  });
}

/** `lines[1].activatesAt` → `subscriptions[1].activationDate`. */
function nameOf(field: string): string | undefined {
  const [, line = '', member = ''] = /^(?:lines(\[\d+\])\.)?([A-Za-z]+)/.exec(field) ?? [];
  const own = line === '' ? undefined : ofLine[member];
  return own === undefined ? ofOrder[member] : `subscriptions${line}.${own}`;
}

const ofLine: Readonly<Record<string, string>> = { product: 'product_id', activatesAt: 'activationDate' };

const ofOrder: Readonly<Record<string, string>> = {
  esims: 'esim.iccid',
  eid: 'device.eid',
  delivery: 'device.eid',
};
