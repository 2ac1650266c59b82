// A way to pay is a token of a payment gateway: what looks like the number of a card is refused before it is stored.
import { AppError, type FieldError } from '../../base/app_error.ts';
import { luhnDigit } from '../../base/digits.ts';
import { type Id, newId } from '../../base/ids.ts';
import type { Ctx } from '../../pg/ctx.ts';
import { query } from '../../pg/query.ts';
import { emit } from '../events/index.ts';
import { getCustomer } from './find_customers.ts';

export type AddPaymentMethod = {
  accountId: string;
  customerId: string;
  token: string;
  kind: string;
  gateway: string;
  name?: string;
  lastDigits: string;
  expiryMonth: number;
  expiryYear: number;
};

/**
 * Adds a payment method and gives its id. Throws `not_found` for an unknown customer, `invalid_request` naming every field
 * at fault, and `conflict` when there are 20 already. Call it in a `write`.
 */
export async function addPaymentMethod(tx: Ctx, input: AddPaymentMethod): Promise<Id<'paymentMethod'>> {
  const { accountId, customerId } = input;
  checkPaymentMethod(input);
  await getCustomer(tx, { accountId, id: customerId });
  const id = newId('paymentMethod', tx.now.getTime());
  const rows = await query(tx.db, insertText, [
    id,
    customerId,
    accountId,
    input.kind,
    input.gateway,
    input.name ?? null,
    tx.vault.seal(Buffer.from(input.token), id),
    input.lastDigits,
    input.expiryMonth,
    input.expiryYear,
    tx.now,
    methodsMax,
  ]);
  if (rows.length === 0)
    throw new AppError('conflict', `A customer has at most ${methodsMax} payment methods: remove one first.`);
  await emit(tx, {
    accountId,
    type: 'payment_method.added',
    resourceId: customerId,
    data: { paymentMethod: id },
  });
  return id;
}

const methodsMax = 20;

function checkPaymentMethod(input: AddPaymentMethod): void {
  const texts = { token: input.token, type: input.kind, gateway: input.gateway, name: input.name ?? '-' };
  const fields: FieldError[] = [
    ...Object.entries(texts)
      .filter(([, text]) => text === '' || text.length > 500 || text.includes('\0'))
      .map(([field]) => ({ field, detail: 'give 1 to 500 characters' })),
    ...Object.entries(texts)
      .filter(([, text]) => holdsCardNumber(text))
      .map(([field]) => ({ field, detail: 'looks like the number of a card: give a token of your gateway' })),
    ...(/^\d{2,4}$/.test(input.lastDigits) ? [] : [{ field: 'last_digits', detail: 'give 2 to 4 digits' }]),
    ...(Number.isInteger(input.expiryMonth) && input.expiryMonth >= 1 && input.expiryMonth <= 12
      ? []
      : [{ field: 'expiry_month', detail: 'give 1 to 12' }]),
    ...(Number.isInteger(input.expiryYear) && input.expiryYear >= 2000 && input.expiryYear <= 2100
      ? []
      : [{ field: 'expiry_year', detail: 'give a year of four digits' }]),
  ];
  if (fields.length > 0)
    throw new AppError('invalid_request', 'The payment method is not valid.', { fields });
}

/** 12 to 19 digits in a row, blanks and dashes between them aside, whose last one is their check digit (ISO/IEC 7812). */
export function holdsCardNumber(text: string): boolean {
  const runs = text.match(/\d(?:[ -]?\d){11,18}(?!\d)/g) ?? [];
  return runs
    .map((run) => run.replace(/\D/g, ''))
    .some((digits) => luhnDigit(digits.slice(0, -1)) === digits.at(-1));
}

const insertText = `
  insert into customers.payment_methods (id, customer_id, account_id, kind, gateway, name, token, last_digits,
    expiry_month, expiry_year, created_at)
  select $1, $2, $3, $4, $5, $6, $7::bytea, $8, $9::int, $10::int, $11::timestamptz
  where (select count(*) from customers.payment_methods where customer_id = $2) < $12::int
  returning 1`;
