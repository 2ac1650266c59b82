// What the core calls a field is told in the vendor's words: who sent `item` is not told about `product`.

/** `lines[0].product` → `order[0].item`. `own` are the words of one operation. */
export function writeFieldName(field: string, own: Readonly<Record<string, string>> = {}): string {
  return field.replace(/[A-Za-z]+/g, (word) => nameIn(own, word) ?? nameIn(fieldNames, word) ?? word);
}

function nameIn(names: Readonly<Record<string, string>>, word: string): string | undefined {
  return Object.hasOwn(names, word) ? names[word] : undefined;
}

const fieldNames: Readonly<Record<string, string>> = {
  lines: 'order',
  product: 'item',
  products: 'items',
  esim: 'iccid',
  esims: 'iccids',
  sim: 'iccid',
  branding: 'profileID',
  customerReference: 'customerRef',
  lot: 'usageId',
  amountMinor: 'amount',
};
